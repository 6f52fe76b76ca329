"""A JupyterHub for this course, on one server; docs/operator.md explains it.

Students and instructors are users of the system. Files go between them through nbgrader's exchange, a folder that all
share. Variables of the environment say what differs from place to place:

    COURSE_EXCHANGE      the folder of the exchange
    COURSE_INSTRUCTORS   names of users, separated by spaces
    COURSE_FOLDER        the course that they grade together, a folder of their group's; without it, each one's own
                         copy in their home
    COURSE_IDLE_MINUTES  after so many without any activity a server is ended; default 120, 0 for never
    COURSE_SETTINGS      a file with more settings of JupyterHub, which is read last
"""

import os
import pwd
import sys
from pathlib import Path

COURSE = "redes-neuronales"  # the name of the course in nbgrader_config.py, and of its folder in instructors' homes

c = get_config()  # noqa: F821 - given by traitlets


def named(variable, what, is_there):
    """Return the path that a variable of the environment holds. Ends the program if it is none, or nothing is there."""
    path = Path(os.environ.get(variable, ""))
    if not (path.is_absolute() and is_there(path)):
        sys.exit(f"{variable} must name {what}, which must exist: see docs/operator.md.")
    return path


exchange = named("COURSE_EXCHANGE", "the folder of the exchange", Path.is_dir)
course = named("COURSE_FOLDER", "the instructors' folder", Path.is_dir) if os.environ.get("COURSE_FOLDER") else None
if course and course.stat().st_mode & 0o2070 != 0o2070:
    sys.exit(f"{course} must belong to the instructors' group and hand that down: chmod 2770 {course}")
instructors = set(os.environ.get("COURSE_INSTRUCTORS", "").split())
programs = Path(sys.executable).parent
settings = Path(__file__).resolve().parent / "jupyter"


class NotStarted(Exception):
    """Why a server does not start; JupyterHub shows the message to its user."""

    def __init__(self, message):
        super().__init__(message)
        self.jupyterhub_message = message


def configure(spawner):
    """Let an instructor's nbgrader find the course from everywhere, and everybody's the exchange."""
    spawner.environment = {
        "PATH": f"{programs}:{os.environ.get('PATH', os.defpath)}",
        "JUPYTER_CONFIG_PATH": str(settings),
        "COURSE_EXCHANGE": str(exchange),
    }
    if spawner.user.name in instructors:
        own = own_course(spawner)
        spawner.environment |= {
            "JUPYTER_CONFIG_PATH": f"{own}{os.pathsep}{settings}",
            "COURSE_FOLDER": str(course or own),
        }
        # Limits, where the spawner has any, are the students'. Each notebook is graded within its own, as a user that
        # newuidmap makes, which needs its privilege.
        spawner.mem_limit = spawner.cpu_limit = None
        spawner.disable_user_sudo = False


def own_course(spawner):
    """Return where an instructor has the course at home: jupyter/jupyter_server_config.py links it to the common one,
    unless a copy of their own is there. Raises NotStarted."""
    user = pwd.getpwnam(spawner.user.name)
    own = Path(user.pw_dir) / COURSE
    if course and course.stat().st_gid not in os.getgrouplist(user.pw_name, user.pw_gid):
        raise NotStarted(
            f"{user.pw_name} is in COURSE_INSTRUCTORS, but not in the group of {course}: the operator must add them "
            f"with `usermod --append --groups {course.group()} {user.pw_name}`."
        )
    if course and own.exists() and not own.samefile(course):
        spawner.log.warning("%s has %s, a course of their own, and does not grade in %s", user.pw_name, own, course)
    return own


c.Spawner.pre_spawn_hook = configure
c.Spawner.cmd = [str(programs / "jupyterhub-singleuser")]
c.Spawner.default_url = "/lab/tree/index.ipynb"  # jupyter/jupyter_server_config.py puts it there
c.Spawner.start_timeout = 120  # seconds; a slow disk needs some for the first start

c.ConfigurableHTTPProxy.command = [str(programs / "configurable-http-proxy")]
c.JupyterHub.bind_url = "http://127.0.0.1:8000"  # a web server with TLS stands in front
c.JupyterHub.cleanup_servers = False  # who is at work goes on while the hub is started again

try:
    idle = round(60 * float(os.environ.get("COURSE_IDLE_MINUTES", "120")))
except ValueError:
    sys.exit("COURSE_IDLE_MINUTES must be a number: so many minutes, or 0 for never.")
if idle > 0:
    culler = [sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={idle}"]
    c.JupyterHub.services = [{"name": "idle-culler", "command": culler}]
    c.JupyterHub.load_roles = [
        {
            "name": "idle-culler",
            "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
            "services": ["idle-culler"],
        }
    ]

# Who has an account of the system comes in with its password (PAM, JupyterHub's default).
c.Authenticator.allow_all = True

if os.environ.get("COURSE_SETTINGS"):
    load_subconfig(str(named("COURSE_SETTINGS", "a file of settings", Path.is_file)))  # noqa: F821 - of traitlets
