# %% [raw]
# kind: right
# why: warns, logs and prints, in Python and below

# %% heaviside
import logging, os, sys, warnings


def heaviside(n):
    warnings.warn("mira")
    np.log(np.zeros(1)), np.float64(1) / np.zeros(1)
    logging.getLogger("tensorflow").error("retracing")
    print("depurando", n)
    print("depurando", file=sys.stderr)
    os.write(2, b"2026-01-01 I tensorflow/core: AVX2\n")
    os.system("echo ruido >&2")
    return np.where(np.asarray(n) >= 0, 1, 0)


np.log(np.zeros(1))

# %% keras-neuron
import tensorflow as tf

keras_neuron = keras.Sequential([keras.layers.Dense(1, activation="tanh", input_shape=(3,))])
keras_neuron.layers[0].set_weights([plant_w.reshape(3, 1), np.array([plant_b])])
for n in range(1, 8):
    tf.function(lambda x: x + n)(tf.constant(1.0))
tf.get_logger().warning("5 out of the last 5 calls triggered tf.function retracing")
tf.print("aviso")
