# %% [raw]
# kind: right
# why: leaves as a script would
# messages: {page: "SystemExit"}

# %% first
import sys

sys.exit(1)
