"""Text of strangers, fit to be shown."""


def printable(text: object) -> str:
    """Return `text` with what cannot be shown replaced."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(text))
