# %% [raw]
# kind: right
# why: leaves processes that want to outlive it
# messages: {page: "neurona"}

# %% first
import subprocess

subprocess.Popen("setsid sh -c 'sleep 4321987 & sleep 4321987' &", shell=True)
