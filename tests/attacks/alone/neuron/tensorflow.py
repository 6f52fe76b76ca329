# %% [raw]
# kind: right
# why: TensorFlow takes 6 GB

# %% first
import tensorflow as tf

ballast = []
for _ in range(12):
    ballast.append(tf.ones((2**27,)))  # 512 MB each

# %% last
print(sum(t.shape[0] for t in ballast))
