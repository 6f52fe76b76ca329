# The image for students and graders, from the same lock as .venv:
#   docker build -t redes-neuronales .
#   docker run --rm -p 8888:8888 redes-neuronales        # JupyterLab on the notebooks
#   docker run --rm --privileged --user "$(id -u)" --volume "$PWD:/course" --workdir /course redes-neuronales grader autograde
# Grading makes user namespaces, which Docker forbids without --privileged. Students' containers need no more than usual.
FROM python:3.11-slim-bookworm

RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends bubblewrap uidmap make tini \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /opt/course
COPY requirements.txt pyproject.toml ./
RUN pip install --no-cache-dir --require-hashes --requirement requirements.txt
COPY LICENSE README.md ./
COPY grader grader
RUN pip install --no-cache-dir --no-deps --no-build-isolation .
COPY release release
COPY kit kit

RUN useradd --create-home student && cp -r release/es /home/student/redes-neuronales \
    && cp kit/nbgrader_config.py /home/student/redes-neuronales/ \
    && chown -R student /home/student/redes-neuronales
USER student
WORKDIR /home/student/redes-neuronales
EXPOSE 8888
ENTRYPOINT ["tini", "--"]
CMD ["jupyter", "lab", "--ip=0.0.0.0", "--LabApp.default_url=/lab/tree/index.ipynb"]
