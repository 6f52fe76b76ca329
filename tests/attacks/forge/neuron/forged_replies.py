# %% [raw]
# kind: wrong
# why: writes the replies to the tests' questions itself
# points: {all: 0}
# messages: {heaviside-test: "no se puede leer: mensaje mal formado", perceptron-test: "los datos ocupan"}

# %% first
import sys

channel, wire = sys.modules["grader.kernel.shell"], sys.modules["grader.questions.wire"]

nested = '{"value": ' + "[" * 50_000 + "]" * 50_000 + "}"
replies = {
    "weighted_sum": "{not json",
    "heaviside": '{"value": NaN}',
    "perceptron": '{"value": "' + "1" * 17 * 2**20 + '"}',
    "and_neuron": nested,
    "xor_hidden": '{"value": [{"$": "name", "v": "os.system"}]}',
    "layer": '{"value": {"$": "array", "dtype": "|O", "shape": [1], "v": "AAAA"}}',
    "feed_forward": '{"problem": "raised", "detail": "\\ud800\\u202e\\u001b[2J"}',
    "fit_perceptron": '{"value": [], "score": 10}',
    "keras_neuron.predict": '{"value": {"$": "array", "dtype": "<f8", "shape": [0, 1' + "0" * 40 + '], "v": ""}}',
}
channel.answer = lambda names, question, *_: replies[wire.loads(question, resolve=str)["path"]]
