package io.github.raspberryspy.sink.http;

import io.github.raspberryspy.segments.Mp4Playable;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.SegmentPage;
import io.github.raspberryspy.sink.index.SegmentQuery;
import io.github.raspberryspy.sink.index.SegmentQuery.Motion;
import io.github.raspberryspy.sink.index.StoredSegment;
import io.github.raspberryspy.sink.store.Playables;
import io.github.raspberryspy.sink.store.SegmentStore;
import io.github.raspberryspy.sink.store.StoredVideo;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;

/** Segments for people: find, look at, save. */
final class SegmentRoutes {

  private static final String ALL = "/api/v1/segments";
  private static final String ONE = ALL + "/{id}";
  private static final int PAGE = 100;
  private static final int MOST = 1000;

  private final SegmentIndex index;
  private final SegmentStore store;
  private final Playables playables = new Playables();

  SegmentRoutes(SegmentIndex index, SegmentStore store) {
    this.index = index;
    this.store = store;
  }

  List<Route> routes() {
    return List.of(
        new Route(HandlerType.GET, ALL, Access.PERSON, this::list),
        new Route(HandlerType.GET, "/api/v1/damage", Access.PERSON, this::damaged),
        new Route(HandlerType.GET, ONE, Access.PERSON, this::one),
        new Route(HandlerType.GET, ONE + "/video", Access.PERSON, this::video),
        new Route(HandlerType.GET, ONE + "/play.mp4", Access.PERSON, this::play),
        new Route(HandlerType.GET, ONE + "/poster.jpg", Access.PERSON, this::poster),
        new Route(HandlerType.PUT, ONE + "/saved", Access.OWNER, this::save),
        new Route(HandlerType.DELETE, ONE + "/saved", Access.OWNER, this::giveUp));
  }

  private void list(Context ctx) {
    Params params =
        new Params(
            ctx, "camera", "from", "to", "motion", "saved", "zone", "after", "page", "limit",
            "order");
    int page = params.number("page", 1, 1, Integer.MAX_VALUE);
    int limit = params.number("limit", PAGE, 1, MOST);
    SegmentQuery query =
        new SegmentQuery(
            params.camera(),
            params.instant("from"),
            params.instant("to"),
            params.choice("motion", "true", "false", "unknown").map(SegmentRoutes::motion),
            params.flag("saved"),
            params.choice("order", "asc", "desc").map("asc"::equals).orElse(false),
            params.position("after"),
            page,
            limit,
            params.zoneOfPicture());
    SegmentPage found = index.list(query);
    Json.send(ctx, Views.page(found, page, limit));
  }

  private void damaged(Context ctx) throws IOException {
    new Params(ctx);
    Json.sendEach(ctx, index.damage().newest(MOST), id -> index.find(id).map(Views::segment));
  }

  private static Motion motion(String word) {
    return switch (word) {
      case "true" -> Motion.SOME;
      case "false" -> Motion.NONE;
      default -> Motion.UNKNOWN;
    };
  }

  private void one(Context ctx) {
    Json.send(ctx, Views.segment(segment(ctx)));
  }

  private void video(Context ctx) throws IOException {
    StoredSegment segment = segment(ctx);
    VideoAnswer.send(ctx, store.video(segment), segment.manifest().content().sha256());
  }

  /** The same with an index in front, by which a player finds any moment without all before it. */
  private void play(Context ctx) throws IOException {
    StoredSegment segment = segment(ctx);
    StoredVideo video = store.video(segment);
    String sha256 = segment.manifest().content().sha256();
    Optional<Mp4Playable> playable;
    try {
      playable = playables.of(sha256, video);
    } catch (NoSuchFileException e) {
      throw new Problem(404, "the segment was deleted meanwhile");
    }
    if (playable.isEmpty()) {
      VideoAnswer.send(ctx, video, sha256);
      return;
    }
    Mp4Playable indexed = playable.get();
    VideoAnswer.send(
        ctx,
        new VideoAnswer.Body(
            indexed.bytes(video), (out, first, count) -> indexed.write(video, out, first, count)),
        sha256 + "-indexed");
  }

  private void poster(Context ctx) throws IOException {
    StoredSegment segment = segment(ctx);
    String etag = "\"" + segment.manifest().content().sha256() + "\"";
    if (Known.is(ctx, etag, "private, no-cache")) {
      return;
    }
    try {
      byte[] jpeg =
          store
              .video(segment)
              .poster()
              .orElseThrow(() -> new Problem(404, "the camera made no still of this segment"));
      ctx.contentType("image/jpeg").result(jpeg);
    } catch (NoSuchFileException e) {
      throw new Problem(404, "the segment was deleted meanwhile");
    }
  }

  /** With a note, or without a word of it. */
  private void save(Context ctx) throws IOException {
    boolean isNoted = ctx.req().getContentLengthLong() != 0 && ctx.contentType() != null;
    store.save(
        id(ctx), isNoted ? Optional.of(new Body(ctx, "note").text("note")) : Optional.empty());
    ctx.status(204);
  }

  private void giveUp(Context ctx) throws IOException {
    store.save(id(ctx), false);
    ctx.status(204);
  }

  private StoredSegment segment(Context ctx) {
    return index.find(id(ctx)).orElseThrow(SegmentRoutes::missing);
  }

  /** The segment that the path names; none, where it is no id. */
  static SegmentId id(Context ctx) {
    try {
      return SegmentId.parse(ctx.pathParam("id"));
    } catch (IllegalArgumentException e) {
      throw missing();
    }
  }

  private static Problem missing() {
    return new Problem(404, "there is no such segment");
  }
}
