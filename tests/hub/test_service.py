"""How the hub is started: in the foreground, as services, and with the settings that the guide names."""

import os
import pwd
import re
import shlex
import shutil
import signal
import subprocess
import urllib.error

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from ..course import BIN, ROOT, cannot_test, free_ports, wait_for_answer
from ..guides import blocks
from .conftest import INSTRUCTORS, STUDENTS
from .platform import platform
from .server import unit


@pytest.fixture
def make_hub(hub, tmp_path):
    """A function that runs `make hub` beside the running hub, at addresses of its own; returns its process, its address
    and its log. variables: additional ones of its environment."""
    started = []
    log = tmp_path / "hub.log"

    def make(**variables):
        url, hub_url, proxy_url = (f"http://127.0.0.1:{port}" for port in free_ports(3))
        options = {
            "JupyterHub.bind_url": url,
            "JupyterHub.hub_bind_url": hub_url,
            "JupyterHub.db_url": f"sqlite:///{tmp_path}/hub.sqlite",
            "JupyterHub.cookie_secret_file": tmp_path / "cookie_secret",
            "ConfigurableHTTPProxy.api_url": proxy_url,
            "ConfigurableHTTPProxy.pid_file": tmp_path / "proxy.pid",
        }
        environment = {**hub.place.environment(), **variables}
        environment.pop("CONFIGPROXY_AUTH_TOKEN")  # of the services
        hub_options = shlex.join(f"--{name}={value}" for name, value in options.items())
        with log.open("w") as output:
            process = subprocess.Popen(
                # What the tests run in is installed: make has nothing to look after.
                ["make", "--old-file=.venv/ready", "--old-file=.venv/hub", "hub", f"HUB_OPTIONS={hub_options}"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        started.append(process)
        return process, url, log

    yield make
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)


def test_make_hub_runs_until_ctrl_c_with_the_documented_settings_and_a_platform_logs_in(make_hub, tmp_path, people):
    settings, name = tmp_path / "settings.py", people[STUDENTS[0]].name
    documented = "\n".join(blocks("operator.md", "python"))
    with platform(re.search(r'client_id = {"(\w+)"}', documented)[1]) as moodle:
        assert "https://moodle.example.org" in documented
        settings.write_text(documented.replace("https://moodle.example.org", moodle.url), "utf-8")
        process, url, log = make_hub(COURSE_SETTINGS=str(settings))
        wait_for_answer(f"{url}/hub/lti13/config", process, log)
        assert name in moodle.log_in(url, name)
        with pytest.raises(urllib.error.HTTPError, match="400"):
            moodle.log_in(url, name, key=rsa.generate_private_key(public_exponent=65537, key_size=2048))
    said = log.read_text("utf-8")
    os.killpg(process.pid, signal.SIGINT)
    process.wait(60)
    assert "Using Authenticator: ltiauthenticator.lti13.auth.LTI13Authenticator" in said
    assert "Using Spawner: systemdspawner.systemdspawner.SystemdSpawner" in said
    assert "Traceback" not in said and "recognize" not in said, said  # as traitlets says of a setting that there is not


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"COURSE_EXCHANGE": "/nowhere"}, "COURSE_EXCHANGE must name the folder of the exchange"),
        ({"COURSE_FOLDER": "relative"}, "COURSE_FOLDER must name the instructors' folder"),
        ({"COURSE_FOLDER": str(ROOT / "grader")}, f"chmod 2770 {ROOT / 'grader'}"),
        ({"COURSE_IDLE_MINUTES": "two hours"}, "COURSE_IDLE_MINUTES must be a number"),
        ({"COURSE_SETTINGS": "/nowhere.py"}, "COURSE_SETTINGS must name a file of settings"),
        ({}, "usermod --append --groups {group} {name}"),  # an instructor who is not in the group, at their start
    ],
)
def test_what_is_wrong_is_one_sentence(hub, people, variables, sentence):
    name = people[INSTRUCTORS[0]].name
    ran = subprocess.run(
        [BIN / "python", "-c", CONFIGURE, ROOT / "hub" / "jupyterhub_config.py", name],
        env={**hub.place.environment(), **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )
    said = ran.stderr.splitlines()
    assert len(said) == 1 and sentence.format(group=hub.place.course.group(), name=name) in said[0], ran.stderr


CONFIGURE = """
import os, sys
from types import SimpleNamespace
from traitlets.config import PyFileConfigLoader
configure = PyFileConfigLoader(sys.argv[1]).load_config().Spawner.pre_spawn_hook
os.getgrouplist = lambda name, group: [group]
try:
    configure(SimpleNamespace(user=SimpleNamespace(name=sys.argv[2])))
except Exception as error:
    sys.exit(error.jupyterhub_message)
"""


def test_the_units_are_ones_that_systemd_takes(hub, tmp_path):
    if shutil.which("systemd-analyze") is None:
        cannot_test(["There is no systemd-analyze: apt install systemd."])
    here = tmp_path / "course"  # a blank in the repository's own path would be a unit's to quote
    here.symlink_to(ROOT)
    for name in ("hub", "proxy"):
        text = (ROOT / "hub" / f"redes-neuronales-{name}.service").read_text("utf-8")
        (tmp_path / f"redes-neuronales-{name}.service").write_text(text.replace("/opt/redes-neuronales", str(here)))
    units = sorted(map(str, tmp_path.glob("*.service")))
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and not done.stderr, done.stderr
    assert unit("hub")["StateDirectoryMode"] == "0700" and pwd.getpwnam("nobody")
