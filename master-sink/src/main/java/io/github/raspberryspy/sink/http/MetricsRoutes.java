package io.github.raspberryspy.sink.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.raspberryspy.segments.wire.LinkMessage.Heartbeat;
import io.github.raspberryspy.sink.alert.Alerts;
import io.github.raspberryspy.sink.event.CameraStatus;
import io.github.raspberryspy.sink.fleet.Fleet;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.StorageTotals;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/**
 * How master and cameras fare, for Prometheus. It names cameras: so it is for who shows the token
 * of the configuration, or without one for programs on this machine, which no proxy speaks for.
 */
final class MetricsRoutes {

  private static final List<String> FORWARDED =
      List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via");

  private final SegmentIndex index;
  private final Fleet fleet;
  private final Upkeep upkeep;
  private final Alerts alerts;
  private final Optional<String> token;

  MetricsRoutes(HttpServer.Parts parts) {
    this.index = parts.index();
    this.fleet = parts.fleet();
    this.upkeep = parts.upkeep();
    this.alerts = parts.alerts();
    this.token = parts.metricsToken();
  }

  List<Route> routes() {
    return List.of(new Route(HandlerType.GET, "/metrics", Access.PUBLIC, this::metrics));
  }

  private void metrics(Context ctx) throws IOException {
    if (!mayRead(ctx)) {
      ctx.header("WWW-Authenticate", "Bearer realm=\"metrics\"");
      throw new Problem(401, "metrics are for who shows the token of the master's configuration");
    }
    MetricsText text = new MetricsText();
    master(text);
    alerts(text);
    fleet.cameras().forEach(status -> camera(text, status));
    ctx.contentType(MetricsText.TYPE).result(text.toString());
  }

  private boolean mayRead(Context ctx) {
    if (token.isPresent()) {
      byte[] right = ("Bearer " + token.get()).getBytes(UTF_8);
      String shown = ctx.header("Authorization");
      return shown != null && MessageDigest.isEqual(right, shown.getBytes(UTF_8));
    }
    return isLoopback(ctx.req().getRemoteAddr())
        && isLoopback(ctx.req().getServerName()) // a name that leads here is some page's trick
        && FORWARDED.stream().allMatch(name -> ctx.header(name) == null);
  }

  private static boolean isLoopback(String host) {
    boolean isAddress = host.matches("[0-9.]+|\\[?[0-9a-fA-F:]+(%.+)?\\]?");
    try {
      return host.equals("localhost")
          || (isAddress && InetAddress.getByName(host).isLoopbackAddress());
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private void master(MetricsText text) throws IOException {
    StorageTotals totals = index.totals();
    text.gauge("segments", "Segments that are kept.", totals.segments())
        .gauge("footage_bytes", "Their size.", totals.bytes())
        .gauge("saved_bytes", "Size of those that people saved.", totals.savedBytes())
        .gauge("disk_free_bytes", "Free on the master's disk.", upkeep.space().freeBytes())
        .gauge("disk_bytes", "Size of the master's disk.", upkeep.space().totalBytes())
        .gauge(
            "troubles", "What is wrong with the master now.", upkeep.troubles().standing().size());
  }

  private void alerts(MetricsText text) {
    text.gauge("alerts_unseen", "Alerts that no owner has looked at.", alerts.log().unseen());
    alerts
        .channels()
        .forEach(
            c ->
                text.gauge(
                        "alerts_waiting",
                        "Alerts that a channel is to deliver.",
                        c.waiting(),
                        "channel",
                        c.name())
                    .gauge(
                        "channel_failing",
                        "1 where the last thing that a channel did was to fail.",
                        c.isFailing() ? 1 : 0,
                        "channel",
                        c.name()));
  }

  private static void camera(MetricsText text, CameraStatus status) {
    String[] camera = {"camera", status.camera()};
    text.gauge(
        "camera_state",
        "1, with the state as a label.",
        1,
        "camera",
        status.camera(),
        "state",
        status.state());
    boolean isHeard = status.isHeard();
    text.gauge("camera_up", "1 where a camera is heard.", isHeard ? 1 : 0, camera);
    status
        .lastHeartbeat()
        .ifPresent(
            at ->
                text.gauge(
                    "camera_heartbeat_timestamp_seconds",
                    "When a camera was heard last, seconds since 1970.",
                    at.toEpochMilli() / 1000.0,
                    camera));
    status.heartbeat().ifPresent(beat -> camera(text, beat, camera));
    if (isHeard) { // what a silent camera said of its board is not so now
      HealthMetrics.write(text, status);
    }
  }

  private static void camera(MetricsText text, Heartbeat beat, String... camera) {
    text.counter("camera_frames_captured_total", "Frames captured.", beat.framesCaptured(), camera)
        .counter("camera_frames_recorded_total", "Frames recorded.", beat.framesRecorded(), camera)
        .counter(
            "camera_frames_dropped_total", "Frames refused or lost.", beat.framesDropped(), camera)
        .gauge("camera_fps", "Nominal frames per second.", beat.fps(), camera)
        .gauge(
            "camera_backlog_segments",
            "Segments that wait for the master.",
            beat.backlogSegments(),
            camera)
        .gauge("camera_backlog_bytes", "Their size.", beat.backlogBytes(), camera)
        .gauge("camera_disk_free_bytes", "Free on its disk.", beat.spoolFreeBytes(), camera)
        .gauge("camera_motion", "1 while something moves.", beat.motion() ? 1 : 0, camera);
    beat.diskBytesADay()
        .ifPresent(
            bytes ->
                text.gauge(
                    "camera_disk_written_bytes_per_day",
                    "Written to its disk a day.",
                    bytes,
                    camera));
  }
}
