//! The lists of users and groups of an image, with the session's user in them. What is in
//! an image is a stranger's: a row that cannot be read is left as it is.

use crate::images::Owner;

/// What the lists are to say.
pub(super) struct Wanted<'a> {
    /// USER of the image.
    pub(super) image_user: &'a str,
    /// HOME of the image's variables.
    pub(super) image_home: Option<&'a str>,
    /// The numbers of the session's user.
    pub(super) owner: Owner,
    /// Their home, wherever that of the image's user is.
    pub(super) home: Option<&'a str>,
    /// Folders that no home may be in: what is mounted there hides the image's.
    pub(super) hidden: &'a [String],
}

/// The lists, and who the session's user is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Accounts {
    pub(super) passwd: String,
    pub(super) group: String,
    pub(super) shadow: String,
    /// Their name.
    pub(super) name: String,
    pub(super) home: String,
    /// Whether the home is that of the image's user, with its contents.
    pub(super) is_image_home: bool,
}

/// A name for whom the image has none.
const NAME: &str = "renku";
/// Homes that are in no image; the next one where the project is mounted over one.
const OWN_HOMES: [&str; 2] = ["/home/renku", "/var/lib/renku/home"];
/// Folders of everybody's or of nobody's.
const NO_HOMES: [&str; 14] = [
    "/",
    "/nonexistent",
    "/home",
    "/usr",
    "/usr/local",
    "/usr/share",
    "/var",
    "/var/lib",
    "/var/run",
    "/tmp",
    "/var/tmp",
    "/opt",
    "/srv",
    "/mnt",
];
/// Folders of the system, with all that is in them.
const SYSTEM: [&str; 12] = [
    "/proc",
    "/sys",
    "/dev",
    "/etc",
    "/run",
    "/bin",
    "/sbin",
    "/lib",
    "/lib64",
    "/boot",
    "/usr/bin",
    "/usr/sbin",
];

/// The lists `passwd`, `group` and `shadow` with the wanted user. Root's own stay as they
/// are.
pub(super) fn accounts(passwd: &str, group: &str, shadow: &str, wanted: &Wanted<'_>) -> Accounts {
    let (user, user_group) = match wanted.image_user.split_once(':') {
        Some((user, group)) => (user, Some(group)),
        None => (wanted.image_user, None),
    };
    let user = if user.is_empty() { "root" } else { user };
    let is_root = matches!(user, "root" | "0");
    let place = if is_number(user) { 2 } else { 0 };
    let of_image = passwd.lines().find(|row| field(row, place) == Some(user));
    let image_home = wanted.image_home.filter(|home| home.starts_with('/'));
    let image_home = image_home
        .or_else(|| field(of_image?, 5))
        .or(is_root.then_some("/root"))
        .filter(|home| is_home(home) && !is_hidden(home, wanted.hidden));
    let home = wanted.home.or(image_home).unwrap_or_else(|| own_home(wanted.hidden)).to_owned();
    let is_image_home = wanted.home.is_none() && image_home.is_some();
    let Owner { uid, gid } = wanted.owner;
    if uid == 0 {
        let (passwd, group, shadow) = (passwd.to_owned(), group.to_owned(), shadow.to_owned());
        let name = "root".to_owned();
        return Accounts { passwd, group, shadow, name, home, is_image_home };
    }

    let numbered = |row: &&str| field(row, 2) == Some(uid.to_string().as_str());
    let row = of_image.filter(|_| !is_root).or_else(|| passwd.lines().find(numbered));
    let name = row.and_then(|row| field(row, 0)).filter(|name| *name != "root").unwrap_or(NAME);
    let about = row.and_then(|row| field(row, 4)).unwrap_or_default();
    let shell = row.and_then(|row| field(row, 6)).filter(|shell| is_shell(shell));
    let shell =
        shell.or_else(|| field(passwd.lines().find(|row| field(row, 0) == Some("root"))?, 6));
    let shell = shell.filter(|shell| is_shell(shell)).unwrap_or("/bin/sh");
    let mut users = Lines::of(passwd);
    users.0.retain(|row| field(row, 0) != Some(name) && !numbered(row));
    let own = format!("{name}:x:{uid}:{gid}:{about}:{home}:{shell}");
    let passwd = format!("{}{own}\n", users.text());

    let mut groups: Vec<String> = group.lines().map(str::to_owned).collect();
    if !has_number(&groups, gid) {
        let taken = |name: &str| groups.iter().any(|row| field(row, 0) == Some(name));
        let numbered = format!("group{gid}");
        let free = [name, NAME, &numbered].into_iter().find(|name| !taken(name));
        groups.push(format!("{}:x:{gid}:", free.unwrap_or(&numbered)));
    }
    // Whatever the image gave to the group of its user stays theirs.
    let before = match user_group {
        Some(group) if is_number(group) => group.parse().ok(),
        Some(group) => groups
            .iter()
            .find(|row| field(row, 0) == Some(group))
            .and_then(|row| field(row, 2)?.parse().ok()),
        None if is_root => None,
        None => row.filter(|_| of_image.is_some()).and_then(|row| field(row, 3)?.parse().ok()),
    };
    if let Some(before) = before.filter(|before: &u32| *before != gid && !is_root) {
        if !has_number(&groups, before) {
            groups.push(format!("group{before}:x:{before}:"));
        }
        let before = before.to_string();
        for row in groups.iter_mut().filter(|row| field(row, 2) == Some(before.as_str())) {
            join(row, name);
        }
    }
    let mut group = groups.join("\n");
    group.push('\n');

    let mut shadow = shadow.to_owned();
    if !shadow.is_empty() && !shadow.lines().any(|row| field(row, 0) == Some(name)) {
        if !shadow.ends_with('\n') {
            shadow.push('\n');
        }
        shadow.push_str(&format!("{name}:*:19000:0:99999:7:::\n"));
    }
    Accounts { passwd, group, shadow, name: name.to_owned(), home, is_image_home }
}

struct Lines<'a>(Vec<&'a str>);

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        Self(text.lines().collect())
    }

    fn text(&self) -> String {
        self.0.iter().flat_map(|line| [line, "\n"]).collect()
    }
}

fn field(row: &str, number: usize) -> Option<&str> {
    row.split(':').nth(number)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn has_number(groups: &[String], gid: u32) -> bool {
    let gid = gid.to_string();
    groups.iter().any(|row| field(row, 2) == Some(gid.as_str()))
}

/// Adds a member to a row of the list of groups.
fn join(row: &mut String, name: &str) {
    let members = field(row, 3).unwrap_or_default();
    if members.split(',').any(|member| member == name) {
        return;
    }
    if !members.is_empty() {
        row.push(',');
    }
    row.push_str(name);
}

fn is_shell(path: &str) -> bool {
    path.starts_with('/') && !path.ends_with("/nologin") && !path.ends_with("/false")
}

/// Whether a folder can be given to one user.
fn is_home(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    path.starts_with('/')
        && path.split('/').all(|part| part != "..")
        && !NO_HOMES.contains(&path)
        && !SYSTEM.iter().any(|folder| is_at_or_below(path, folder))
}

/// Whether something is mounted there or above.
fn is_hidden(path: &str, hidden: &[String]) -> bool {
    hidden.iter().any(|target| is_at_or_below(path, target))
}

fn is_at_or_below(path: &str, folder: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn own_home(hidden: &[String]) -> &'static str {
    let [first, second] = OWN_HOMES;
    if is_hidden(first, hidden) { second } else { first }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/bash\n\
                          nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n\
                          jovyan:x:1000:100::/home/jovyan:/bin/bash\n\
                          other:x:4321:4321::/home/other:/bin/sh\n";
    const GROUP: &str = "root:x:0:\nusers:x:100:\nstaff:x:50:jovyan\n";
    const ANN: Owner = Owner { uid: 4321, gid: 4300 };

    fn of(image_user: &str) -> Accounts {
        let wanted = Wanted { image_user, image_home: None, owner: ANN, home: None, hidden: &[] };
        accounts(PASSWD, GROUP, "root:*:1::::::\n", &wanted)
    }

    #[test]
    fn the_user_of_the_image_gets_the_number_and_keeps_name_home_and_groups() {
        for user in ["jovyan", "1000", "1000:100"] {
            let whole = of(user);
            assert_eq!(
                whole,
                Accounts {
                    passwd: "root:x:0:0:root:/root:/bin/bash\n\
                             nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n\
                             jovyan:x:4321:4300::/home/jovyan:/bin/bash\n"
                        .into(),
                    group: "root:x:0:\nusers:x:100:jovyan\nstaff:x:50:jovyan\njovyan:x:4300:\n"
                        .into(),
                    shadow: "root:*:1::::::\njovyan:*:19000:0:99999:7:::\n".into(),
                    name: "jovyan".into(),
                    home: "/home/jovyan".into(),
                    is_image_home: true,
                },
                "{user}"
            );
        }
    }

    fn summary(image_user: &str, passwd: &str) -> String {
        let wanted = Wanted { image_user, image_home: None, owner: ANN, home: None, hidden: &[] };
        let whole = accounts(passwd, "", "", &wanted);
        let row = whole.passwd.lines().last().unwrap_or_default().to_owned();
        format!("{row} {} {}", whole.group.trim().replace('\n', " "), whole.is_image_home)
    }

    #[test]
    fn somebody_is_made_where_the_image_has_nobody_to_rename() {
        let root = "root:x:0:0:root:/root:/bin/bash\n";
        assert_eq!(
            summary("", root),
            "renku:x:4321:4300::/root:/bin/bash renku:x:4300: true",
            "what root installed into its home"
        );
        assert_eq!(
            summary("1000:100", root),
            "renku:x:4321:4300::/home/renku:/bin/bash renku:x:4300: group100:x:100:renku false"
        );
        assert_eq!(summary("", ""), "renku:x:4321:4300::/root:/bin/sh renku:x:4300: true");
        assert_eq!(
            summary("nobody", PASSWD),
            "nobody:x:4321:4300:nobody:/home/renku:/bin/bash nobody:x:4300: \
             group65534:x:65534:nobody false"
        );
        assert_eq!(
            summary("", PASSWD),
            "other:x:4321:4300::/root:/bin/sh other:x:4300: true",
            "the image has a name for the number"
        );
    }

    #[test]
    fn a_home_is_no_folder_of_the_system_and_not_hidden_by_what_is_mounted() {
        let home = |image_home, hidden: &[&str]| {
            let hidden: Vec<String> = hidden.iter().map(|it| (*it).to_owned()).collect();
            let wanted = Wanted {
                image_user: "jovyan",
                image_home,
                owner: ANN,
                home: None,
                hidden: &hidden,
            };
            accounts(PASSWD, GROUP, "", &wanted).home
        };
        assert_eq!(home(None, &[]), "/home/jovyan");
        assert_eq!(home(Some("/data/me"), &[]), "/data/me");
        for system in ["/", "/tmp", "/etc/x", "/usr", "/home/../etc", "/nonexistent"] {
            assert_eq!(home(Some(system), &[]), "/home/renku", "{system}");
        }
        assert_eq!(home(None, &["/home/jovyan"]), "/home/renku");
        assert_eq!(home(None, &["/home/jovyan/work"]), "/home/jovyan");
        assert_eq!(home(None, &["/home"]), "/var/lib/renku/home");
    }

    #[test]
    fn of_root_only_the_home_changes() {
        let owner = Owner { uid: 0, gid: 0 };
        let wanted =
            Wanted { image_user: "jovyan", image_home: None, owner, home: None, hidden: &[] };
        let whole = accounts(PASSWD, GROUP, "", &wanted);
        assert_eq!((whole.passwd.as_str(), whole.group.as_str()), (PASSWD, GROUP));
        assert_eq!((whole.name.as_str(), whole.home.as_str()), ("root", "/home/jovyan"));
    }
}
