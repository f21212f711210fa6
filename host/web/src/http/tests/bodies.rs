//! Bodies of answers: in pieces, cut, slow, without end.

use super::*;

#[test]
fn a_body_is_read_in_pieces() {
    let server = Server::saying([answer("200 OK", &[], "0123456789")]);
    let used = using(&server.url, Credential::None);
    run(async {
        let response = used.connection.send(&get("/"), Access::Usual).await.unwrap();
        assert_eq!(response.read(4).await.unwrap().unwrap(), "0123");
        assert_eq!(response.read(0).await.unwrap().unwrap(), "4");
        assert_eq!(response.read(100).await.unwrap().unwrap(), "56789");
        assert_eq!(response.read(100).await.unwrap(), None);
    });
}

#[test]
fn a_truncated_body_is_no_whole_one() {
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n01234".to_owned();
    let server = Server::saying([half]);
    let error = using(&server.url, Credential::None).send(&get("/")).unwrap_err();
    assert_eq!(error.to_string(), format!("the response of `{}` was cut off", server.url));
    assert_eq!(error.kind(), ErrorKind::Unavailable);
}

#[test]
fn a_body_has_an_end() {
    let said = "HTTP/1.1 200 OK\r\ncontent-length: 16777217\r\n\r\n".to_owned();
    let server = Server::saying([said]);
    let error = using(&server.url, Credential::None).send(&get("/")).unwrap_err();
    assert!(matches!(error, HttpError::ResponseTooLarge { .. }), "{error:?}");

    // One that does not say how long it is.
    let mut said = vec![(Duration::ZERO, b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_vec())];
    said.extend((0..17).map(|_| (Duration::ZERO, vec![b'x'; 1 << 20])));
    let server = Server::speaking(vec![said]);
    let error = using(&server.url, Credential::None).send(&get("/")).unwrap_err();
    assert!(matches!(error, HttpError::ResponseTooLarge { .. }), "{error:?}");
}

#[test]
fn a_slow_body_ends_with_the_whole_request() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n".to_vec();
    let hour = Duration::from_secs(3600);
    let server = Server::speaking(vec![vec![(Duration::ZERO, head), (hour, Vec::new())]]);
    let mut used = using(&server.url, Credential::None);
    used.connection.whole = Duration::from_secs(2);
    run(async {
        let response = used.connection.send(&get("/"), Access::Usual).await.unwrap();
        let error = response.read(10).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert_eq!(error.to_string(), format!("`{}` did not answer within 2 s", server.url));
    });
}

#[test]
fn answers_held_open_have_a_bound() {
    let server = Server::saying([answer("200 OK", &[], "x")]);
    let used = using(&server.url, Credential::None);
    run(async {
        let mut held = Vec::new();
        for _ in 0..16 {
            held.push(used.connection.send(&get("/"), Access::Usual).await.unwrap());
        }
        let error = used.connection.send(&get("/"), Access::Usual).await.err().unwrap();
        assert!(matches!(error, HttpError::TooManyResponses), "{error:?}");
        held.pop();
        assert!(used.connection.send(&get("/"), Access::Usual).await.is_ok());
    });
}
