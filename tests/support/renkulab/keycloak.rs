//! The login: OpenID Connect discovery, device authorization (RFC 8628), token
//! endpoint (RFC 6749 §5) with rotating refresh tokens, as Keycloak answers.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::ids;
use super::wire::{Request, Response};
use super::world::{Access, Consent, Device, World};

const REALM: &str = "/auth/realms/Renku";
const CONNECT: &str = "/auth/realms/Renku/protocol/openid-connect";
const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
const DEVICE_LIFETIME: u64 = 600;
const CLIENT: &str = "renku-cli";

/// Answers what is below the realm; none for anything else.
pub(super) fn answer(world: &mut World, request: &Request) -> Option<Response> {
    let path = request.path.strip_prefix(REALM)?;
    let path = path.strip_prefix("/protocol/openid-connect").unwrap_or(path);
    Some(match (request.method.as_str(), path) {
        ("GET", "/.well-known/openid-configuration") => Response::json(200, &discovery(world)),
        ("POST", "/auth/device") => device(world, request),
        ("POST", "/token") => token(world, request),
        ("POST", "/revoke") => forget(world, request, "token", 200),
        ("POST", "/logout") => forget(world, request, "refresh_token", 204),
        ("GET", "/device") => Response::html(200, "<html><body>Device login</body></html>"),
        _ => Response::json(404, &json!({"error": "HTTP 404 Not Found"})),
    })
}

fn discovery(world: &World) -> Value {
    let at = |place: &str| format!("{}{CONNECT}/{place}", world.base);
    json!({
        "issuer": format!("{}{REALM}", world.base),
        "authorization_endpoint": at("auth"),
        "token_endpoint": at("token"),
        "userinfo_endpoint": at("userinfo"),
        "end_session_endpoint": at("logout"),
        "revocation_endpoint": at("revoke"),
        "jwks_uri": at("certs"),
        "device_authorization_endpoint": at("auth/device"),
        "grant_types_supported": ["authorization_code", "refresh_token", DEVICE_GRANT],
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "code_challenge_methods_supported": ["plain", "S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    })
}

/// An error of RFC 6749 §5.2.
fn error(status: u16, error: &str, description: &str) -> Response {
    Response::json(status, &json!({"error": error, "error_description": description}))
}

fn field<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    form.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn unknown_client(form: &[(String, String)]) -> Option<Response> {
    (field(form, "client_id") != Some(CLIENT))
        .then(|| error(401, "invalid_client", "Invalid client or Invalid client credentials"))
}

/// RFC 8628 §3.2.
fn device(world: &mut World, request: &Request) -> Response {
    let form = request.form();
    if let Some(refused) = unknown_client(&form) {
        return refused;
    }
    let code = world.secret(ids::secret());
    let letters: String = ids::ulid().chars().rev().take(8).collect();
    let user_code = format!("{}-{}", &letters[..4], &letters[4..]);
    let verification = format!("{}{REALM}/device", world.base);
    let device = Device {
        user_code: user_code.clone(),
        expires: Instant::now() + Duration::from_secs(DEVICE_LIFETIME),
        asked: None,
        consent: world.consent,
    };
    world.devices.insert(code.clone(), device);
    Response::json(
        200,
        &json!({
            "device_code": code,
            "user_code": user_code,
            "verification_uri": verification,
            "verification_uri_complete": format!("{verification}?user_code={user_code}"),
            "expires_in": DEVICE_LIFETIME,
            "interval": world.interval,
        }),
    )
}

fn token(world: &mut World, request: &Request) -> Response {
    let form = request.form();
    if let Some(refused) = unknown_client(&form) {
        return refused;
    }
    match field(&form, "grant_type") {
        Some(DEVICE_GRANT) => device_token(world, field(&form, "device_code").unwrap_or_default()),
        Some("refresh_token") => {
            refreshed(world, field(&form, "refresh_token").unwrap_or_default())
        }
        Some(_) => error(400, "unsupported_grant_type", "Unsupported grant_type"),
        None => error(400, "invalid_request", "Missing form parameter: grant_type"),
    }
}

/// RFC 8628 §3.5.
fn device_token(world: &mut World, code: &str) -> Response {
    let interval = Duration::from_secs(world.interval);
    let Some(device) = world.devices.get_mut(code) else {
        return error(400, "invalid_grant", "Device code not valid");
    };
    if device.expires < Instant::now() {
        return error(400, "expired_token", "Device code is expired");
    }
    let early = device.asked.is_some_and(|asked| asked.elapsed() < interval);
    device.asked = Some(Instant::now());
    if early {
        return error(400, "slow_down", "Slow down");
    }
    match device.consent {
        Consent::Pending => {
            error(400, "authorization_pending", "The authorization request is still pending")
        }
        Consent::Refused => {
            error(400, "access_denied", "The end user denied the authorization request")
        }
        Consent::Given => {
            // A code is good for one login.
            world.devices.remove(code);
            Response::json(200, &issue(world, "user1"))
        }
    }
}

/// RFC 6749 §6. A refresh token is good for one refresh.
fn refreshed(world: &mut World, token: &str) -> Response {
    match world.refresh.remove(token) {
        Some(user) => Response::json(200, &issue(world, &user)),
        None => error(400, "invalid_grant", "Invalid refresh token"),
    }
}

/// RFC 7009, and logout of OpenID Connect: the refresh token ends.
fn forget(world: &mut World, request: &Request, name: &str, status: u16) -> Response {
    let form = request.form();
    if let Some(refused) = unknown_client(&form) {
        return refused;
    }
    world.refresh.remove(field(&form, name).unwrap_or_default());
    Response::empty(status)
}

/// A token response (RFC 6749 §5.1) with what Keycloak adds.
fn issue(world: &mut World, user: &str) -> Value {
    let lifetime = world.lifetime;
    let access = access_token(world, user, lifetime);
    let refresh = jwt(world, user, Duration::from_secs(86_400), "Refresh");
    world.refresh.insert(refresh.clone(), user.into());
    let id_token = jwt(world, user, lifetime, "ID");
    json!({
        "access_token": access,
        "expires_in": lifetime.as_secs(),
        "refresh_expires_in": 86_400,
        "refresh_token": refresh,
        "token_type": "Bearer",
        "id_token": id_token,
        "not-before-policy": 0,
        "session_state": "1a9c8c80-1953-43f1-8ea7-e4b19511929b",
        "scope": "openid email profile",
    })
}

/// A bearer token of this user that is good for so long.
pub(super) fn access_token(world: &mut World, user: &str, lifetime: Duration) -> String {
    let token = jwt(world, user, lifetime, "Bearer");
    let access = Access { user: user.into(), expires: SystemTime::now() + lifetime };
    world.access.insert(token.clone(), access);
    token
}

/// A JWT (RFC 7519) whose signature nobody here checks: the server remembers
/// what it has issued.
fn jwt(world: &mut World, user: &str, lifetime: Duration, kind: &str) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let username = world.user(user).map_or("nobody", |user| &user.username).to_owned();
    let encode = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = encode(json!({"alg": "RS256", "typ": "JWT", "kid": "test"}));
    let claims = encode(json!({
        "exp": now + lifetime.as_secs(),
        "iat": now,
        "jti": ids::digest(&ids::secret(), 32),
        "iss": format!("{}{REALM}", world.base),
        "aud": "renku",
        "azp": CLIENT,
        "sub": user,
        "typ": kind,
        "preferred_username": username,
        "email": format!("{username}@example.org"),
    }));
    let signature = URL_SAFE_NO_PAD.encode(ids::secret());
    world.secret(format!("{header}.{claims}.{signature}"))
}
