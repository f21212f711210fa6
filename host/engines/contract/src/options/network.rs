//! Networks, names and published ports.

use std::net::IpAddr;

use super::EngineOptions;
use super::caller::Caller;
use super::option::{Danger, EngineOption as Row};
use super::ports::{self, HostPort};
use super::values;

pub(super) const ROWS: &[Row] = &[
    Row::parsed(
        "port",
        "[ADDRESS:]PORT",
        "8888",
        "The port of this computer where the session opens [default: a free one of 127.0.0.1]",
        |it, text, _| {
            it.port = Some(HostPort::parse(text)?);
            Ok(())
        },
    ),
    Row::parsed(
        "publish",
        "[[ADDRESS:]PORT:]CONTAINER[/udp]",
        "8787:8787",
        "Publish another port of the session, on 127.0.0.1 unless an address is given",
        |it, text, _| {
            it.publish.push(ports::Published::parse(text)?);
            Ok(())
        },
    )
    .many(),
    Row::flag("publish-all", "Publish every TCP port that the image exposes, on 127.0.0.1", |it| {
        it.publish_all = true;
    }),
    Row::text(
        "network",
        "NETWORK",
        "bridge",
        "The network: its name, `host`, `none` or `container:NAME`",
        |it, text| it.run.network = Some(text),
    )
    .danger(Danger::When(|network| network == "host" || network.starts_with("container:"))),
    Row::text("hostname", "NAME", "analysis", "The host name in the session", |it, t| {
        it.run.hostname = Some(t);
    }),
    Row::text("domainname", "NAME", "example.org", "Its domain", |it, text| {
        it.run.domainname = Some(text);
    }),
    Row::parsed("mac-address", "MAC", "02:42:ac:11:00:02", "Its hardware address", mac_address),
    Row::parsed("dns", "ADDRESS", "192.0.2.53", "A DNS server", |it, text, _| {
        let address: IpAddr =
            text.trim().parse().map_err(|_| "this is not an IP address".to_owned())?;
        it.run.dns.push(address.to_string());
        Ok(())
    })
    .many(),
    Row::text("dns-search", "DOMAIN", "example.org", "A DNS search domain", |it, text| {
        it.run.dns_search.push(text);
    })
    .many(),
    Row::text("dns-option", "OPTION", "ndots:2", "An option of resolv.conf(5)", |it, text| {
        it.run.dns_option.push(text);
    })
    .many()
    .also(&["dns-opt"]),
    Row::parsed("add-host", "NAME:ADDRESS", "db:192.0.2.7", "A line of /etc/hosts", add_host)
        .many(),
    Row::parsed(
        "sysctl",
        "NAME=VALUE",
        "net.core.somaxconn=1024",
        "A kernel setting of the session",
        |it, text, _| {
            let (name, value) = values::pair(text)?;
            it.run.sysctl.insert(name.to_owned(), value.to_owned());
            Ok(())
        },
    )
    .many()
    .danger(Danger::Always),
];

/// Six bytes in hexadecimal (IEEE 802).
fn mac_address(it: &mut EngineOptions, text: &str, _: &Caller<'_>) -> Result<(), String> {
    let text = text.trim();
    let parts: Vec<&str> = text.split([':', '-']).collect();
    let valid = parts.len() == 6
        && parts.iter().all(|part| part.len() == 2 && u8::from_str_radix(part, 16).is_ok());
    if !valid {
        return Err("this is not a hardware address".to_owned());
    }
    it.run.mac_address = Some(text.to_ascii_lowercase().replace('-', ":"));
    Ok(())
}

fn add_host(it: &mut EngineOptions, text: &str, _: &Caller<'_>) -> Result<(), String> {
    let (name, address) =
        text.split_once([':', '=']).ok_or_else(|| "the address is missing".to_owned())?;
    let plain = address.trim_matches(['[', ']']);
    if name.is_empty() || (plain != "host-gateway" && plain.parse::<IpAddr>().is_err()) {
        return Err(format!("`{address}` is not an IP address"));
    }
    it.run.add_host.push(format!("{name}:{plain}"));
    Ok(())
}
