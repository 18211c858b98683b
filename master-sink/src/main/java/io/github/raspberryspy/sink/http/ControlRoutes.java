package io.github.raspberryspy.sink.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.raspberryspy.segments.JsonFields;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.wire.LinkCommand;
import io.github.raspberryspy.segments.wire.LinkMessage.Setting;
import io.github.raspberryspy.segments.wire.LinkMessage.Settings;
import io.github.raspberryspy.segments.wire.ValueKind;
import io.github.raspberryspy.sink.event.SettingsChange;
import io.github.raspberryspy.sink.fleet.Answer;
import io.github.raspberryspy.sink.fleet.Fleet;
import io.github.raspberryspy.sink.fleet.SettingsDesk;
import io.github.raspberryspy.sink.fleet.StaleSettingsException;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.live.Snapshots;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What people ask of cameras: to start, to stop, to send what they film, to film otherwise. */
final class ControlRoutes {

  private static final String CAMERA = "/api/v1/cameras/{id}";

  /** How long a request waits for its camera; what becomes of it later is pushed to the page. */
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private static final int MOST_VALUES = 64;
  private static final int LONGEST_NAME = 64;
  private static final int MOST_CHANGES = 50;

  private final Guard guard;
  private final Fleet fleet;
  private final SettingsDesk desk;
  private final SegmentIndex index;
  private final Snapshots snapshots;

  ControlRoutes(
      Guard guard, Fleet fleet, SettingsDesk desk, SegmentIndex index, Snapshots snapshots) {
    this.guard = guard;
    this.fleet = fleet;
    this.desk = desk;
    this.index = index;
    this.snapshots = snapshots;
  }

  List<Route> routes() {
    return List.of(
        new Route(HandlerType.POST, CAMERA + "/commands", Access.OWNER, this::command),
        new Route(HandlerType.GET, CAMERA + "/settings", Access.PERSON, this::settings),
        new Route(HandlerType.PUT, CAMERA + "/settings", Access.OWNER, this::set),
        new Route(HandlerType.PUT, CAMERA + "/name", Access.OWNER, this::name));
  }

  private void command(Context ctx) throws IOException {
    String camera = camera(ctx);
    String word = body(ctx, f -> f.text("command"));
    guard.did(ctx, word + "-camera", camera);
    if (word.equals("snapshot")) {
      PictureRoutes.send(ctx, snapshots.take(camera));
      return;
    }
    String id = LinkCommand.newId();
    LinkCommand command =
        switch (word) {
          case "flush" -> new LinkCommand.Flush(id, true, "a person asked for it");
          case "start" -> new LinkCommand.Start(id);
          case "stop" -> new LinkCommand.Stop(id);
          case "restart" -> new LinkCommand.Restart(id);
          default ->
              throw new Problem(
                  400,
                  "\"command\" is \""
                      + JsonFields.clip(word)
                      + "\"; allowed is flush, restart, snapshot, start or stop");
        };
    Optional<Answer> said = await(fleet.send(camera, command));
    if (said.isEmpty()) {
      guard.note(ctx, word + "-camera", camera); // it may do so yet
      throw new Problem(504, "camera " + camera + " has not answered yet");
    }
    Answer answer = said.get();
    if (!answer.ok()) {
      throw new Problem(answer.isOfCamera() ? 409 : 503, answer.sentence());
    }
    ctx.status(204);
  }

  private void settings(Context ctx) {
    String camera = camera(ctx);
    ObjectNode node = Views.object().put("version", desk.version(camera));
    Optional<Settings> known = desk.of(camera);
    node.put("applied", known.map(Settings::version).orElse(0L));
    ArrayNode settings = node.putArray("settings");
    Optional<SettingsChange> wanted = desk.wanted(camera);
    for (Setting setting : known.map(Settings::settings).orElse(List.of())) {
      String value =
          wanted
              .map(change -> change.values().getOrDefault(setting.key(), setting.own()))
              .orElse(setting.value());
      settings.add(view(setting, value));
    }
    ArrayNode changes = node.putArray("changes");
    desk.changes(camera, MOST_CHANGES).forEach(change -> changes.add(Views.change(change)));
    Json.send(ctx, node);
  }

  private static ObjectNode view(Setting setting, String value) {
    ObjectNode node =
        Views.object()
            .put("key", setting.key())
            .put("meaning", setting.meaning())
            .put("allowed", setting.allowed());
    ValueKind kind = setting.kind();
    ObjectNode kindNode =
        node.putObject("kind")
            .put("word", kind.word())
            .put("min", kind.min())
            .put("max", kind.max())
            .put("unit", kind.unit());
    kind.options().forEach(kindNode.putArray("options")::add);
    return node.put("value", value).put("own", setting.own()).put("gapless", setting.gapless());
  }

  private void set(Context ctx) {
    String camera = camera(ctx);
    long base = body(ctx, f -> f.whole("base"));
    Map<String, String> values = body(ctx, f -> f.object("values").texts());
    if (values.size() > MOST_VALUES) {
      throw new Problem(400, "more than " + MOST_VALUES + " settings at once are not taken");
    }
    String detail = camera + ": " + String.join(", ", changed(camera, values));
    CompletableFuture<SettingsChange> set;
    try {
      set = desk.set(camera, base, values, guard.required(ctx).who());
    } catch (StaleSettingsException e) {
      throw new Problem(409, e.getMessage());
    }
    SettingsChange became =
        await(set).orElseGet(() -> desk.changes(camera, 1).get(0)); // it takes its time
    guard.did(ctx, noted(became), detail);
    Json.send(ctx, Views.change(became));
  }

  /** What the log of what people did calls it, by what had become of it by then. */
  private static String noted(SettingsChange change) {
    return switch (change.state()) {
      case APPLIED -> "set-camera";
      case WAITING -> "ask-camera-to-set";
      case REFUSED -> "set-camera-in-vain";
    };
  }

  /** The keys whose values these are not, and those that go back to the camera's own. */
  private List<String> changed(String camera, Map<String, String> values) {
    return desk.of(camera)
        .map(Settings::settings)
        .map(
            known ->
                known.stream()
                    .filter(s -> !values.getOrDefault(s.key(), s.own()).equals(s.value()))
                    .map(Setting::key)
                    .toList())
        .orElseGet(() -> List.copyOf(values.keySet()));
  }

  private void name(Context ctx) {
    String camera = camera(ctx);
    String name = body(ctx, f -> f.text("name")).strip();
    if (name.length() > LONGEST_NAME || name.codePoints().anyMatch(Character::isISOControl)) {
      throw new Problem(
          400, "\"name\" is too long or not a line of text; allowed is up to 64 characters");
    }
    Optional<String> given = Optional.of(name).filter(n -> !n.isEmpty() && !n.equals(camera));
    index.cameras().settings().name(camera, given);
    fleet.name(camera, given);
    guard.detail(ctx, camera + given.map(n -> ": " + n).orElse(""));
    ctx.status(204);
  }

  private String camera(Context ctx) {
    String camera = ctx.pathParam("id");
    requireKnown(fleet, camera);
    return camera;
  }

  /** Refuses the name of a camera that there is not. */
  static void requireKnown(Fleet fleet, String camera) {
    if (!fleet.knows(camera)) {
      throw new Problem(404, "there is no such camera");
    }
  }

  private static <T> Optional<T> await(CompletableFuture<T> answer) {
    try {
      return Optional.of(answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a command failed", e.getCause());
    }
  }

  private static <T> T body(Context ctx, JsonFields.Reader<T> reader) {
    try {
      return JsonFields.parse(SmallBody.of(ctx, SmallBody.MOST_BYTES), "body", reader);
    } catch (ManifestException e) {
      throw new Problem(400, e.getMessage());
    }
  }
}
