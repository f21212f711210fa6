//! Values that come from options.

use serde_json::{Value, json};

use super::*;

#[test]
fn the_value_of_an_option_is_checked_like_that_of_a_key() {
    let schema = schema();
    let check = |key: &str, value: Value, origin: &str| {
        check_value(Some(&schema), key, &value, origin).map_err(|error| told(&error))
    };
    assert_eq!(check("port", json!(80), "--port"), Ok(()));
    assert_eq!(
        check("port", json!("80"), "--port"),
        Err("`--port` must be a whole number, but it is text\n\
             hint: The port that answers HTTP. [default: 8888]"
            .into())
    );
    assert_eq!(
        check("command", json!(["a", 1, true]), "--command"),
        Err("`--command[1]` must be text, but it is a number; \
             `--command[2]` must be text, but it is `true`"
            .into())
    );
    assert_eq!(
        check("clients", json!("rstudio"), "--client"),
        Err("`--client`: unknown key `clients`; did you mean `client`?\n\
             hint: the keys of this provider are `command`, `port`, `client`, `limits`, `labels`"
            .into())
    );
    assert_eq!(
        check_value(None, "port", &json!(1), "--port").unwrap_err().to_string(),
        "`--port`: unknown key `port`: this provider has no configuration"
    );
}
