"""A JupyterHub for this course, on one server: `make hub` starts it, docs/operator.md explains it.

Students and instructors are users of the system. Files go between them through nbgrader's exchange, a folder that all
share. Two variables of the environment say what differs from place to place:

    COURSE_EXCHANGE     the folder of the exchange
    COURSE_INSTRUCTORS  names of users, separated by spaces; each has the course in a folder of its home
"""

import os
import pwd
import sys
from pathlib import Path

COURSE = "redes-neuronales"  # the instructors' folder of the course, and its name in nbgrader_config.py

c = get_config()  # noqa: F821 - given by traitlets

exchange = Path(os.environ.get("COURSE_EXCHANGE", ""))
if not (exchange.is_absolute() and exchange.is_dir()):
    sys.exit("COURSE_EXCHANGE must name the folder of the exchange, which must exist: see docs/operator.md.")
instructors = set(os.environ.get("COURSE_INSTRUCTORS", "").split())
programs = Path(sys.executable).parent
settings = Path(__file__).resolve().parent / "jupyter"


def configure(spawner):
    """Let an instructor's nbgrader find the course from everywhere, and everybody's the exchange."""
    folders = [settings]
    if spawner.user.name in instructors:
        folders.insert(0, Path(pwd.getpwnam(spawner.user.name).pw_dir) / COURSE)
    spawner.environment = {
        "PATH": f"{programs}:{os.environ.get('PATH', os.defpath)}",
        "JUPYTER_CONFIG_PATH": os.pathsep.join(map(str, folders)),
        "COURSE_EXCHANGE": str(exchange),
    }


c.Spawner.pre_spawn_hook = configure
c.Spawner.cmd = [str(programs / "jupyterhub-singleuser")]
c.Spawner.default_url = "/lab/tree/index.ipynb"  # jupyter/jupyter_server_config.py puts it there
c.Spawner.start_timeout = 120  # seconds; a slow disk needs some for the first start

c.ConfigurableHTTPProxy.command = [str(programs / "configurable-http-proxy")]
c.JupyterHub.bind_url = "http://127.0.0.1:8000"  # a web server with TLS stands in front
c.JupyterHub.cleanup_servers = True  # stopped with the hub: nothing is left running

# Who has an account of the system comes in with its password (PAM, JupyterHub's default).
c.Authenticator.allow_all = True
