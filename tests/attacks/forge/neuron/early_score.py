# %% [raw]
# kind: wrong
# why: shows full points as the result of a cell
# points: {heaviside-test: 0}
# messages: {heaviside-test: "tiene la forma ()"}

# %% heaviside
def heaviside(n):
    display(1.0)
    shell = get_ipython()
    shell.displayhook(1.0)
    kernel = shell.kernel
    content = {"data": {"text/plain": "1.0"}, "metadata": {}, "execution_count": 1}
    kernel.session.send(kernel.iopub_socket, "execute_result", content, parent=kernel.get_parent())
    print("1.0")
    return 1.0
