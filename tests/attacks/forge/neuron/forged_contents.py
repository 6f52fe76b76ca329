# %% [raw]
# kind: wrong
# why: sends other messages in place of the replies
# points: {all: 0}
# messages: {heaviside-test: "no se puede leer: mensaje mal formado"}

# %% first
session = get_ipython().kernel.session
send = session.send
contents = [
    {},
    {"answer": None},
    {"answer": 5},
    {"answer": ["x"], "lost": 5},
    {"answer": "{}", "lost": [1, {}, "heaviside"]},
    {"answer": "", "lost": {"heaviside": 1}},
    None,
    {"reply": "1.0"},
    {"answer": "x" * 10**7},
    {"answer": {"value": 1}},
]


def forge(stream, kind, content=None, *args, **kwargs):
    if kind == "question_reply":
        content = contents.pop() if contents else {}
    return send(stream, kind, content, *args, **kwargs)


session.send = forge
heaviside = 1
