//! The tokens of one login, and when they end.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::Secret;

/// A token that ends within this many seconds counts as ended: the request must
/// arrive, and clocks differ.
const MARGIN: i64 = 30;

/// What the identity service gave, as it is kept. Times are seconds since 1970.
#[derive(Clone, Serialize, Deserialize)]
pub struct Tokens {
    access_token: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    obtained_at: i64,
    expires_at: i64,
    /// Where it is refreshed; kept so that a refresh is one request.
    pub(super) token_endpoint: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) revocation_endpoint: Option<String>,
}

/// An answer of the token endpoint (RFC 6749 §5.1).
#[derive(Deserialize)]
pub(super) struct Granted {
    pub(super) access_token: String,
    #[serde(default)]
    pub(super) refresh_token: Option<String>,
    /// Seconds.
    #[serde(default)]
    pub(super) expires_in: Option<i64>,
}

impl Tokens {
    pub(super) fn new(
        granted: Granted,
        now: i64,
        token_endpoint: String,
        revocation_endpoint: Option<String>,
    ) -> Self {
        // Without a lifetime, what the token itself says.
        let expires_at = match granted.expires_in {
            Some(seconds) => now.saturating_add(seconds.max(0)),
            None => expiry(&granted.access_token).unwrap_or(now.saturating_add(300)),
        };
        Self {
            access_token: granted.access_token,
            refresh_token: granted.refresh_token,
            obtained_at: now,
            expires_at,
            token_endpoint,
            revocation_endpoint,
        }
    }

    /// These tokens after a refresh; a refresh token that is not replaced stays
    /// (RFC 6749 §6).
    pub(super) fn refreshed(&self, granted: Granted, now: i64) -> Self {
        let refresh_token = granted.refresh_token.clone().or_else(|| self.refresh_token.clone());
        let endpoint = self.token_endpoint.clone();
        let new = Self::new(granted, now, endpoint, self.revocation_endpoint.clone());
        Self { refresh_token, ..new }
    }

    /// These tokens without a refresh token that is of no use.
    pub(super) fn without_refresh(mut self) -> Self {
        self.refresh_token = None;
        self
    }

    /// The access token.
    #[must_use]
    pub fn access(&self) -> Secret {
        Secret::new(self.access_token.clone())
    }

    /// The refresh token, when there is one.
    #[must_use]
    pub fn refresh(&self) -> Option<Secret> {
        self.refresh_token.clone().map(Secret::new)
    }

    /// Whether the access token can still be sent.
    #[must_use]
    pub fn is_valid(&self, now: i64) -> bool {
        // One that lives for a moment only must be of use in its first half.
        let margin = MARGIN.min(self.life() / 2);
        now.saturating_add(margin) < self.expires_at
    }

    fn life(&self) -> i64 {
        self.expires_at.saturating_sub(self.obtained_at)
    }

    /// Whether it is past half of its life. RenkuLab's refresh tokens end together
    /// with its access tokens, so waiting for the end would be too late.
    pub(super) fn wants_refresh(&self, now: i64) -> bool {
        self.refresh_token.is_some() && now >= self.obtained_at.saturating_add(self.life() / 2)
    }

    /// When the access token ends.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        Timestamp::from_second(self.expires_at).ok()
    }
}

/// Seconds since 1970.
pub(super) fn now() -> i64 {
    Timestamp::now().as_second()
}

/// When a token ends by its own account: the claim `exp` of a JWT (RFC 7519
/// §4.1.4), unverified, because only its sender is deceived by a wrong one.
pub(super) fn expiry(token: &str) -> Option<i64> {
    #[derive(Deserialize)]
    struct Claims {
        exp: i64,
    }
    let payload = token.split('.').nth(1)?;
    let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    Some(serde_json::from_slice::<Claims>(&bytes).ok()?.exp)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(refresh: Option<&str>) -> Tokens {
        living(1000, refresh)
    }

    fn living(seconds: i64, refresh: Option<&str>) -> Tokens {
        let granted = Granted {
            access_token: "a".into(),
            refresh_token: refresh.map(str::to_owned),
            expires_in: Some(seconds),
        };
        Tokens::new(granted, 5000, "https://a.example/token".into(), None)
    }

    #[test]
    fn past_half_of_its_life_a_token_is_refreshed() {
        assert!(!tokens(Some("r")).wants_refresh(5499));
        assert!(tokens(Some("r")).wants_refresh(5500));
        assert!(!tokens(None).wants_refresh(5999));
    }

    #[test]
    fn a_token_that_ends_while_it_travels_has_ended() {
        assert!(tokens(None).is_valid(5969));
        assert!(!tokens(None).is_valid(5970));
    }

    #[test]
    fn a_token_that_lives_for_a_moment_is_used_and_then_refreshed() {
        for seconds in [1, 20, 30] {
            let short = living(seconds, Some("r"));
            let half = 5000 + seconds / 2;
            assert!(short.is_valid(5000) && !short.is_valid(5000 + seconds), "{seconds}");
            assert!(short.wants_refresh(half), "{seconds}");
            assert!((5000..half).all(|now| short.is_valid(now)), "{seconds}");
        }
    }

    #[test]
    fn a_refresh_token_that_is_not_replaced_stays() {
        let granted = |refresh: Option<&str>| Granted {
            access_token: "b".into(),
            refresh_token: refresh.map(str::to_owned),
            expires_in: None,
        };
        let kept = tokens(Some("r")).refreshed(granted(None), 6000);
        assert_eq!(kept.refresh().unwrap().expose(), "r");
        let rotated = tokens(Some("r")).refreshed(granted(Some("s")), 6000);
        assert_eq!(rotated.refresh().unwrap().expose(), "s");
        assert_eq!(rotated.access().expose(), "b");
    }

    #[test]
    fn a_jwt_says_when_it_ends() {
        // {"exp":1700000000,"sub":"jane"}
        let token = "eyJhbGciOiJub25lIn0.eyJleHAiOjE3MDAwMDAwMDAsInN1YiI6ImphbmUifQ.c2ln";
        assert_eq!(expiry(token), Some(1_700_000_000));
        for other in ["", "opaque", "a.b.c", "a..c"] {
            assert_eq!(expiry(other), None);
        }
    }
}
