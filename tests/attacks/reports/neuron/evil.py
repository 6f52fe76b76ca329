# %% [raw]
# kind: wrong
# why: shows all that a browser would run or load
# points: {heaviside-test: 0}
# messages: {heaviside-test: "ValueError"}

# %% heaviside
def heaviside(n):
    raise ValueError("<script>alert(31)</script><img src=x onerror=alert(32)>")


# %% last
from IPython.display import HTML, SVG, Javascript, Markdown, Latex
import pandas as pd

display(HTML("<b>negrita</b><script>alert(10)</script><img src=x onerror=alert(11)>"))
display(Javascript("alert(12)"))
display(SVG('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(13)</script></svg>'))
display(Markdown("**fuerte** <script>alert(14)</script>"), Latex("</div><script>alert(15)</script>"))
display({"text/html": "<script>alert(16)</script>"}, raw=True, metadata={"text/html": {"isolated": True}})
display(
    {"image/png": 'x" onerror="alert(17)'},
    raw=True,
    metadata={
        "image/png": {"width": "1 onerror=alert(18)", "height": "1 onload=alert(19)", "alt": '" onload="alert(20)'},
        "filenames": {"image/png": "https://evil.example/pixel.png"},
    },
)
display({"application/vnd.jupyter.widget-view+json": {"model_id": "</script><script>alert(21)</script>"}}, raw=True)
display({"application/vnd.evil": "<script>alert(22)</script>"}, raw=True)
display(pd.DataFrame({"vino": [1, 2]}))
print("<script>alert(23)</script>")
print("\x1b]0;titulo\x07\x1b[2J\x1b[31mrojo\x1b[0m", "\x1b[31;<script>alert(24)</script>m")
show(plt.subplots()[0], "una figura vacía")
kernel = get_ipython().kernel
for kind, content in (
    ("execute_input", {"code": "", "execution_count": "<script>alert(25)</script>"}),
    ("stream", {"name": "<script>alert(26)</script>", "text": "<script>alert(27)</script>"}),
    ("error", {"ename": "<script>alert(29)</script>", "evalue": "", "traceback": ["<script>alert(30)</script>"]}),
):
    kernel.session.send(kernel.iopub_socket, kind, content, parent=kernel.get_parent("shell"))
