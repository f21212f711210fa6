//! Who the user is inside: the list of users of the image, with the one who runs the
//! session in it. Without a row there, shells have no name and some programs no home.

/// The largest list that is read.
pub(crate) const LIMIT: u64 = 1 << 20;

/// The user of this number.
pub(crate) struct User<'a> {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    pub(crate) home: &'a str,
}

/// The home of USER of an image, by the image's own list; none: it has no row.
pub(crate) fn home_of<'a>(passwd: &'a str, user: &str) -> Option<&'a str> {
    row_of(passwd, user).and_then(|row| row.split(':').nth(5)).filter(|it| it.starts_with('/'))
}

/// The list with this user in it, who has the name and the shell of the image's own.
pub(crate) fn list(passwd: &str, image_user: &str, user: &User<'_>) -> String {
    let row = row_of(passwd, image_user);
    let field = |number| row.and_then(|row| row.split(':').nth(number));
    let name = field(0).filter(|name| *name != "root" || user.uid == 0).unwrap_or("renku");
    let shell = field(6).filter(|shell| !shell.ends_with("nologin")).unwrap_or("/bin/sh");
    let User { uid, gid, home } = user;
    let mut list = format!("{name}:x:{uid}:{gid}::{home}:{shell}\n");
    for other in passwd.lines() {
        let mut fields = other.split(':');
        let is_same = fields.next() == Some(name) || fields.nth(1) == Some(&uid.to_string());
        if !is_same {
            list.push_str(other);
            list.push('\n');
        }
    }
    list
}

/// `jovyan`, `1000`, `1000:100`; nobody is root.
fn row_of<'a>(passwd: &'a str, user: &str) -> Option<&'a str> {
    let user = user.split(':').next().filter(|user| !user.is_empty()).unwrap_or("root");
    let place = if user.bytes().all(|byte| byte.is_ascii_digit()) { 2 } else { 0 };
    passwd.lines().find(|row| row.split(':').nth(place) == Some(user))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/bash\n\
                          jovyan:x:1000:100::/home/jovyan:/bin/bash\n\
                          other:x:4321:4321::/home/other:/bin/sh\n";

    #[test]
    fn the_home_is_that_of_the_user_of_the_image() {
        assert_eq!(home_of(PASSWD, "jovyan"), Some("/home/jovyan"));
        assert_eq!(home_of(PASSWD, "1000:100"), Some("/home/jovyan"));
        assert_eq!(home_of(PASSWD, ""), Some("/root"));
        assert_eq!(home_of(PASSWD, "55"), None);
    }

    #[test]
    fn the_list_has_one_row_of_the_user() {
        let user = User { uid: 4321, gid: 4300, home: "/home/jovyan" };
        assert_eq!(
            list(PASSWD, "jovyan", &user),
            "jovyan:x:4321:4300::/home/jovyan:/bin/bash\nroot:x:0:0:root:/root:/bin/bash\n"
        );
        assert_eq!(
            list(PASSWD, "", &User { home: "/root", ..user }).lines().next(),
            Some("renku:x:4321:4300::/root:/bin/bash")
        );
    }
}
