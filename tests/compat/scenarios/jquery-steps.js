// jQuery: manipulation, scripts in markup and their order, ajax, JSONP, events, effects.

import { reads, rest, say, scenario, until, VENDOR } from "./scenario.js";

export function steps($) {
  let runs = 0;
  window.jQuery = $;

  const settled = (request) =>
    new Promise((resolve) => {
      request.then(
        (data, status, xhr) => resolve(["done", data, status, xhr.status]),
        (xhr, status, error) => resolve(["failed", xhr.status, status, String(error)]),
      );
    });

  scenario(async (root) => {
    const run = ++runs;
    const $root = $(root);
    say("version", $.fn.jquery);

    $root.append("<section><p class='one'>1</p><p class='two'>2</p></section>", $("<hr>"), "text");
    $root.find(".one").after("<p>1.5</p>").before($("<p>").text("0.5")).wrap("<div class='wrap'>");
    $root.find(".two").replaceWith("<p class='three'>3</p>");
    $root.prepend("<header>head</header>").find("header").clone(true).appendTo($root);
    $("<b>").insertBefore($root.find("hr")).attr({ id: "b", title: "t" }).addClass("x").data("k", [1]);
    say("html", $root.html());
    say("text", $root.text(), $("#b").data("k"), $root.find("p").length);
    $root.find("header").first().remove();
    $root.find("section").empty();
    say("emptied", $root.html());

    $root.on("click", ".press", (event, extra) => say("delegated", event.type, extra ?? null));
    $root.append("<button class='press'>Press</button>");
    $root.find(".press").trigger("click", ["extra"])[0].click();
    $root.off("click").find(".press").trigger("click");

    // Scripts in markup: the inline ones and the fetched one, in their order.
    window.order = [];
    $root.append(`<div><script>order.push("first")</script><script src="/ran.js?as=jq${run}"></script>
      <script>order.push("third", ran.includes("jq${run}"))</script><script type="text/template">never</script></div>`);
    await until("scripts in markup", () => order.length === 3);
    say("order", order);
    $root.append($("<script>").text("order.push('built')"));
    $.globalEval("order.push('evaluated')");
    $("<div>").html("<script>order.push('detached')</script>").appendTo($root);
    say("order", order);

    say("json", await settled($.ajax("/json", { data: { a: 1, b: ["x", "y"] } })));
    say("post", await settled($.post({ url: "/json", data: { a: "ü" }, headers: { "X-Test": "1" } })));
    say("missing", await settled($.ajax("/missing")));
    say("script", (await settled($.getScript("/ran.js?as=got"))).slice(2));
    await new Promise((resolve) =>
      $("<div>")
        .appendTo($root)
        .load("/fragment #inner", (...parts) => resolve(say("load", parts[1]))),
    );
    say("loaded", $root.find("#inner").parent().html(), $root.find("#outer").length);
    const aborted = $.ajax("/json");
    aborted.abort();
    say("aborted", await settled(aborted));
    let answered;
    $.ajax({
      url: "/json",
      async: false,
      success: (data) => {
        answered = data.method;
      },
    });
    say("synchronous", answered);
    const events = [];
    $(document).on("ajaxSend.t ajaxSuccess.t ajaxError.t ajaxComplete.t", ({ type }) => events.push(type));
    await settled($.get("/json"));
    $(document).off(".t");
    say("ajax events", events);

    await $root.find(".press").fadeOut(20).promise();
    say("faded", $root.find(".press").css("display"));
    await $.when($.Deferred().resolve(1), Promise.resolve(2)).then((...all) => say("when", all));

    // The vendor's: an image and a frame built, a script fetched across origins, JSONP.
    const pixel = $("<img>", { alt: "", src: `${VENDOR}/jquery-${run}.gif` }).appendTo($root)[0];
    const frame = $("<iframe>").attr("src", `${VENDOR}/jquery-${run}.html`).appendTo($root)[0];
    say("tags", reads(pixel), reads(frame), $(pixel).attr("src"), $(pixel).prop("src"));
    const script = settled($.getScript(`${VENDOR}/jquery-${run}.js`));
    const jsonp = settled(
      $.ajax({ url: `${VENDOR}/jsonp`, dataType: "jsonp", cache: true, jsonpCallback: `back${run}` }),
    );

    return async () => {
      say("vendor's script", (await script)[0], window.ran.includes(`/jquery-${run}.js`));
      say("vendor's JSONP", await jsonp);
      await until("vendor's pixel", () => pixel.naturalWidth === 1);
      say("released", reads(pixel), reads(frame));
      $(pixel).attr("src", `${VENDOR}/jquery-${run}-2.gif`);
      $(frame).removeAttr("src").detach();
      say("changed", reads(pixel), reads(frame));
      await rest();
      $root.empty();
    };
  });
}
