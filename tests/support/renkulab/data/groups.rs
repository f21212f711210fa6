//! Groups: people who share projects. Who is in one may see its projects without being a
//! member of any.

use serde_json::{Value, json};

use super::super::ids;
use super::super::wire::{Request, Response};
use super::super::world::{Group, World};
use super::projects::page;
use super::{Caller, Reply, error, unauthenticated};

/// Adds a group.
pub(in super::super) fn add(world: &mut World, slug: &str, members: &[(&str, &str)]) {
    let (first, rest) = slug.split_at(1);
    let name = format!("{}{rest}", first.to_uppercase());
    let shown = json!({
        "id": ids::ulid(), "name": name, "slug": slug, "creation_date": ids::time(0),
        "created_by": members.first().map(|(user, _)| *user),
    });
    let members =
        members.iter().map(|(user, role)| ((*user).to_owned(), (*role).to_owned())).collect();
    world.groups.push(Group { members, shown });
}

/// Whether the caller is in the group of this name.
pub(super) fn is_member(world: &World, caller: &Caller, slug: &str) -> bool {
    role(world, &caller.id, slug).is_some()
}

/// `owner`, `editor` or `viewer`.
pub(super) fn role<'a>(world: &'a World, user: &str, slug: &str) -> Option<&'a str> {
    let group = world.groups.iter().find(|group| group.shown["slug"] == slug)?;
    group.members.iter().find(|(id, _)| id == user).map(|(_, role)| role.as_str())
}

pub(super) fn list(world: &World, caller: &Caller, request: &Request) -> Reply {
    let direct = request.parameter("direct_member") == Some("true");
    if direct && caller.anonymous {
        return Err(unauthenticated());
    }
    let is_of = |group: &&Group| !direct || group.members.iter().any(|(id, _)| *id == caller.id);
    let shown = world.groups.iter().filter(is_of).map(|group| group.shown.clone()).collect();
    Ok(page(request, shown))
}

pub(super) fn by_slug(world: &World, slug: &str) -> Reply {
    find(world, slug).map(|group| Response::json(200, &group.shown))
}

pub(super) fn members(world: &World, slug: &str) -> Reply {
    let shown = |(id, role): &(String, String)| {
        let user = world.user(id).unwrap();
        json!({
            "id": user.id, "namespace": user.username, "first_name": user.first_name,
            "last_name": user.last_name, "role": role,
        })
    };
    let members: Vec<Value> = find(world, slug)?.members.iter().map(shown).collect();
    Ok(Response::json(200, &json!(members)))
}

pub(super) fn permissions(world: &World, caller: &Caller, slug: &str) -> Reply {
    find(world, slug)?;
    let role = role(world, &caller.id, slug);
    Ok(Response::json(200, &super::projects::rights(role)))
}

fn find<'a>(world: &'a World, slug: &str) -> Result<&'a Group, Response> {
    let group = world.groups.iter().find(|group| group.shown["slug"] == slug);
    group.ok_or_else(|| error(404, &format!("The group with slug {slug} does not exist")))
}
