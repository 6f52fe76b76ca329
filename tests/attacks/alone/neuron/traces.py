# %% [raw]
# kind: right
# why: looks for what poison.py has left

# %% first
import builtins, glob, os, sys
import keras, matplotlib, numpy

print(
    [
        p
        for p in glob.glob("/scratch/**", recursive=True) + glob.glob("/tmp/*") + glob.glob("/dev/shm/*")
        if "veneno" in p
    ],
    "VENENO" in os.environ,
    hasattr(builtins, "veneno"),
    hasattr(numpy, "veneno"),
    hasattr(keras, "veneno"),
    numpy.mean is None,
    "/veneno" in sys.path,
    matplotlib.rcParams["lines.linewidth"],
    keras.config.floatx(),
    len([p for p in os.listdir("/proc") if p.isdigit()]) < 6,
    os.listdir(),
)
