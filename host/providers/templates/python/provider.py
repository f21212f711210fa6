"""The provider `my-provider`: a session is a container of the project's image, in
which Jupyter answers.

It says what a session is; what a container may do is decided by `renku`, which
alone talks to the engine.
"""

import renku_session_sdk as sdk
from wit_world.imports import containers, invocation
from wit_world.imports.containers import ContainerState, Probe
from wit_world.imports.types import ProviderInfo, SessionStatus

# What is remembered of a session, as labels of its container.
PORT = "my-provider.port"
DEFAULT_URL = "my-provider.default-url"

# How long a session may take to save its work before it is killed.
GRACE_SECONDS = 10

# Jupyter answers here without a token; anything else is ready when it answers.
PROBES = [Probe("/api", 400), Probe("/", 500)]


class Provider(sdk.Provider):
    def session_provider(self):
        return ProviderInfo("my-provider", "0.1.0", "Sessions of my-provider")

    def find_image(self, request, image):
        return containers.find_image(image)

    def build_image(self, request, descriptor, image):
        containers.build_image(project_of(request), descriptor, image)

    def session_list(self, request):
        return [describe(container) for container in containers.list_containers()]

    def session_start(self, request, image):
        project = project_of(request)
        config = sdk.config(request)
        port = config.get("port", 8888)
        name = request.session_name() or sdk.readable_name(project.slug())
        folder = f"/work/{project.slug()}"

        spec = containers.ContainerSpec(name, image)
        spec.publish(port)
        spec.mount_project(project, folder)
        spec.working_directory(folder)
        spec.resources(request.resources())
        spec.environment("JUPYTER_TOKEN", invocation.session_secret(name))
        spec.label(PORT, str(port))
        spec.label(DEFAULT_URL, config.get("default_url", "/lab"))
        container = containers.start(spec)
        # From now on `renku` calls `session_stop` when something fails.
        invocation.created(name)

        session = describe(container)
        session.status = SessionStatus.STARTING
        seconds = request.wait_timeout()
        if seconds is not None:
            containers.wait_ready(name, port, PROBES, seconds)
            session.status = SessionStatus.RUNNING
        return session

    def session_stop(self, request, name, all):
        names = [name]
        if all or name is None:
            names = [container.name() for container in containers.list_containers()]
        # One that cannot be stopped does not keep the others running.
        stopped, failure = False, None
        for each in names:
            try:
                stopped |= stop(each)
            except sdk.Err as error:
                failure = failure or error
        if failure:
            raise failure
        return stopped

    def session_url(self, request, name):
        found = url(look_up(name, lambda: containers.inspect(name)))
        if not found:
            raise sdk.conflict(
                f"session `{name}` is not running", help=f"run `renku session logs {name}`"
            )
        return found


class Logs(sdk.Logs):
    def session_logs(self, request, name, tail, follow, sink):
        look_up(name, lambda: containers.logs(name, tail, follow, sink))


def project_of(request):
    project = request.project()
    if project is None:
        raise sdk.invalid_input("there is no project to start a session of")
    return project


def stop(name):
    """False when there is nothing to stop."""
    try:
        containers.stop(name, GRACE_SECONDS)
    except sdk.Err as error:
        if sdk.is_not_found(error):
            return False
        raise
    return True


def describe(container):
    """The session that a container is."""
    return sdk.session(
        container.name(),
        STATUS.get(container.state(), SessionStatus.UNKNOWN),
        url=url(container),
        image=container.image(),
        started_at=container.created_at(),
        ports=container.ports(),
    )


STATUS = {
    ContainerState.CREATED: SessionStatus.STARTING,
    ContainerState.RESTARTING: SessionStatus.STARTING,
    ContainerState.RUNNING: SessionStatus.RUNNING,
    ContainerState.PAUSED: SessionStatus.PAUSED,
    ContainerState.REMOVING: SessionStatus.STOPPING,
    ContainerState.EXITED: SessionStatus.FAILED,
    ContainerState.DEAD: SessionStatus.FAILED,
}


def url(container):
    """Where a session opens; none when it does not run."""
    port, path = container.label(PORT), container.label(DEFAULT_URL)
    if container.state() is not ContainerState.RUNNING or port is None or path is None:
        return None
    for entry in container.ports():
        if entry.container == int(port) and entry.host:
            address = entry.host_ip if entry.host_ip not in (None, "", "0.0.0.0") else "127.0.0.1"
            address = f"[{address}]" if ":" in address else address
            token = invocation.session_secret(container.name())
            return f"http://{address}:{entry.host}{path}?token={token}"
    return None


def look_up(name, call):
    """Says "not found" in the words of sessions."""
    try:
        return call()
    except sdk.Err as error:
        if sdk.is_not_found(error):
            raise sdk.not_found(f"there is no session `{name}`", help="run `renku session ls`")
        raise
