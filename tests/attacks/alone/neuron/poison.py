# %% [raw]
# kind: right
# why: changes and leaves all that it can reach

# %% first
import builtins, os, pathlib, sys
import grader.questions.student, keras, matplotlib, numpy  # noqa: F401

for place in ("/scratch", "/scratch/home", "/tmp", "/dev/shm", os.getcwd(), os.environ["HOME"]):
    try:
        pathlib.Path(place, "veneno").write_text("x")
    except OSError:
        pass
os.environ["VENENO"] = builtins.veneno = numpy.veneno = keras.veneno = "x"
numpy.mean = None
sys.path.insert(0, "/veneno")
matplotlib.rcParams["lines.linewidth"] = 99
keras.config.set_floatx("float16")
numpy.random.seed(1)
os.system("sleep 7654321 &")
print("puesto")
