# %% [raw]
# kind: wrong
# why: takes asserts and the tests' cells out of the shell
# points: {heaviside-test: 0}
# messages: {heaviside-test: "heaviside ha devuelto -1"}

# %% first
import ast


class NoAsserts(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()


shell = get_ipython()
shell.ast_transformers.append(NoAsserts())
shell.input_transformers_post.append(lambda lines: [] if any("student" in line for line in lines) else lines)
shell.showtraceback = lambda *a, **k: None
shell.set_custom_exc((BaseException,), lambda *a, **k: None)


# %% heaviside
def heaviside(n):
    return np.zeros(np.shape(n)) - 1
