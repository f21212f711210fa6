# A hub for tests: users without passwords, servers as processes of this machine,
# everything on loopback, on ports that the test chose.
import os

hub, api, proxy = (int(port) for port in os.environ["HUB_PORTS"].split())
folder = os.environ["HUB_FOLDER"]

c.JupyterHub.ip = "127.0.0.1"
c.JupyterHub.port = hub
c.JupyterHub.hub_port = api
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{proxy}"
c.ConfigurableHTTPProxy.command = [os.environ["HUB_PROXY"]]
c.JupyterHub.allow_named_servers = os.environ["HUB_NAMED_SERVERS"] == "yes"

c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allowed_users = {"ann"}
c.JupyterHub.services = [{"name": "clerk", "api_token": os.environ["HUB_TOKEN"]}]
c.JupyterHub.load_roles = [
    {"name": "clerk", "services": ["clerk"], "scopes": ["admin:users", "admin:servers", "tokens"]}
]

c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = os.path.join(folder, "{username}")
c.Spawner.cmd = [os.environ["HUB_PYTHON"], "-m", "jupyterhub.singleuser"]
c.Spawner.args = ["--allow-root"]
# A server takes 3 s where nothing else runs, and more than the usual 30 s on a busy machine.
c.Spawner.start_timeout = c.Spawner.http_timeout = 300
# A start is answered at once and watched, as on a cluster.
c.JupyterHub.tornado_settings = {"slow_spawn_timeout": 0}
