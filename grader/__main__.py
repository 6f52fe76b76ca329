"""The command `grader`, or `python -m grader`."""

from .stopping import run


def main() -> None:
    """Run the command line. Ends this process."""
    run(_command)


def _command() -> None:
    from .cli import main as command  # takes seconds, in which it can be stopped, too

    command()


if __name__ == "__main__":
    main()
