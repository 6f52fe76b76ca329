# %% [raw]
# kind: right
# why: shows what costs the square of its size

# %% last
from IPython.display import HTML

display(HTML("<style" * 100_000), HTML("<div>" * 25_000 + "x"), HTML("<a b" * 100_000))
display(HTML("<p>" + "".join(f"<b class={n}>" for n in range(700)) + "<p>x" * 700))
print("\x1b[m\U0001f600" * 80_000)
