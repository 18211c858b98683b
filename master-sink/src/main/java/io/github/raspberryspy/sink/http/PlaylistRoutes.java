package io.github.raspberryspy.sink.http;

import io.github.raspberryspy.sink.fleet.Fleet;
import io.github.raspberryspy.sink.live.Playlists;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Live pictures for players of HLS. Source: RFC 8216. */
final class PlaylistRoutes {

  private static final String CAMERA = "/api/v1/cameras/{id}/live";
  private static final Duration PATIENCE = Duration.ofSeconds(8);
  private static final Pattern PART =
      Pattern.compile("init-(?<head>[0-9]{1,18})\\.mp4|(?<segment>[0-9]{1,18})\\.m4s");

  private final Fleet fleet;
  private final Playlists playlists;

  PlaylistRoutes(Fleet fleet, Playlists playlists) {
    this.fleet = fleet;
    this.playlists = playlists;
  }

  List<Route> routes() {
    return List.of(
        new Route(HandlerType.GET, CAMERA + ".m3u8", Access.PERSON, this::list),
        new Route(HandlerType.GET, CAMERA + "/{part}", Access.PERSON, this::part));
  }

  private void list(Context ctx) {
    String camera = ctx.pathParam("id");
    ControlRoutes.requireKnown(fleet, camera);
    if (!fleet.hasLink(camera)) {
      throw new Problem(503, "camera " + camera + " has no link now");
    }
    try {
      String text =
          playlists
              .text(camera, PATIENCE)
              .orElseThrow(
                  () ->
                      new Problem(
                          503, "camera " + camera + " sends no pictures, or too many watch"));
      ctx.contentType("application/vnd.apple.mpegurl")
          .header("Cache-Control", "no-store")
          .result(text);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem(503, "the master is stopping");
    }
  }

  private void part(Context ctx) throws IOException {
    String camera = ctx.pathParam("id");
    Matcher name = PART.matcher(ctx.pathParam("part"));
    if (!name.matches()) {
      throw new Problem(404, "a playlist has no such part");
    }
    boolean isHead = name.group("head") != null;
    Optional<List<ByteBuffer>> part =
        isHead
            ? playlists.head(camera, Long.parseLong(name.group("head")))
            : playlists.segment(camera, Long.parseLong(name.group("segment")));
    List<ByteBuffer> bytes =
        part.orElseThrow(() -> new Problem(404, "this part is not kept any more"));
    ctx.contentType("video/mp4").header("Cache-Control", "no-store");
    ctx.res().setContentLengthLong(bytes.stream().mapToLong(ByteBuffer::remaining).sum());
    if (ctx.method().equals(HandlerType.HEAD)) {
      return;
    }
    OutputStream out = ctx.res().getOutputStream();
    for (ByteBuffer piece : bytes) {
      byte[] copy = new byte[piece.remaining()];
      piece.duplicate().get(copy);
      out.write(copy);
    }
  }
}
