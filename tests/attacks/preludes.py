# %% [raw]
# kind: right
# why: no attack, but what several have before their own code, for an empty cell of its name

# %% look
def look(**tries):
    import json

    came = {}
    for name, attempt in tries.items():
        try:
            came[name] = attempt()
        except BaseException as error:
            came[name] = type(error).__name__
    print("FOUND " + json.dumps(came, default=str))


# %% send
kernel = get_ipython().kernel


def send(kind, content):
    kernel.session.send(kernel.iopub_socket, kind, content, parent=kernel.get_parent("shell"))


# %% bypass
outlet = get_ipython().kernel.iopub_thread.send_multipart
outlet.left, outlet.fits = 10**15, lambda *_: True


# %% fill
def fill(folder, size, count):
    try:
        for n in range(count):
            with open(f"{folder}/{size}-{n}", "wb") as file:
                file.write(bytes(size))
    except OSError as error:
        print("FULL", error.errno)
