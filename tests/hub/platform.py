"""A learning platform that logs its users in by LTI 1.3, as Moodle does: it signs who they are."""

import http.cookiejar
import json
import threading
import time
import urllib.parse
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"


class Platform:
    """url: where it shows its public key; client_id: what it calls the tool."""

    def __init__(self, url, client_id):
        self.url, self.client_id = url, client_id
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def keys(self):
        """Return the set of its public keys, JSON."""
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return json.dumps({"keys": [{**public, "kid": "1", "alg": "RS256", "use": "sig"}]})

    def log_in(self, hub, user, key=None):
        """Follow a user's link to the hub; return what their browser shows as their home there. key: it signs with."""
        browser = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), _StayAtThePlatform
        )
        hint = {"iss": self.url, "login_hint": "7", "target_link_uri": f"{hub}/", "client_id": self.client_id}
        answer = browser.open(f"{hub}/hub/lti13/oauth_login?{urllib.parse.urlencode(hint)}", timeout=60)
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer.headers["Location"]).query))
        token = {
            "iss": self.url,
            "aud": asked["client_id"],
            "sub": "7",
            "nonce": asked["nonce"],
            "iat": int(time.time()),
            "exp": int(time.time()) + 300,
            f"{CLAIM}message_type": "LtiResourceLinkRequest",
            f"{CLAIM}version": "1.3.0",
            f"{CLAIM}deployment_id": "1",
            f"{CLAIM}target_link_uri": f"{hub}/",
            f"{CLAIM}roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
            f"{CLAIM}resource_link": {"id": "1"},
            f"{CLAIM}custom": {"user": user},
        }
        signed = jwt.encode(token, key or self.key, "RS256", {"kid": "1"})
        form = urllib.parse.urlencode({"id_token": signed, "state": asked["state"]}).encode()
        browser.open(f"{hub}/hub/lti13/oauth_callback", form, timeout=60)
        return browser.open(f"{hub}/hub/home", timeout=60).read().decode()


class _StayAtThePlatform(urllib.request.HTTPRedirectHandler):
    def http_error_302(self, request, file, code, message, headers):
        return file


@contextmanager
def platform(client_id):
    """Yield a Platform that shows its public key to whoever asks."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(made.keys().encode())

        def log_message(self, *_):
            """Keep the terminal clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made = Platform(f"http://127.0.0.1:{server.server_port}", client_id)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield made
        server.shutdown()
