package io.github.raspberryspy.motion;

import io.github.raspberryspy.segments.Box;
import java.util.ArrayList;
import java.util.List;

/**
 * Recognises bodies from picture to picture. Of all pairs of one that was there and one that is
 * seen, the closest are the same, as long as no more than about their own size lies between them.
 * Pure. For one thread.
 */
final class BodyTracks {

  /** Who is not seen for so long is somebody else. */
  private static final long GONE_NANOS = 1_000_000_000L;

  /** How far it may have gone, in diagonals of its box. */
  private static final double FARTHEST = 1;

  /** So many are remembered at the most: in a shower of leaves nobody is followed for long. */
  private static final int MOST = 32;

  private final List<Track> tracks = new ArrayList<>(); // the latest seen at the end
  private long lastId;

  private static final class Track {
    private final long id;
    private final long sinceNanos;
    private Box box;
    private long seenNanos;
    private boolean isTaken;

    Track(long id, long sinceNanos) {
      this.id = id;
      this.sinceNanos = sinceNanos;
    }
  }

  /** The same bodies in the same order, each with its number and since when it has been there. */
  List<Body> follow(List<Body> seen, long nanos) {
    if (seen.isEmpty()) {
      return seen; // the usual case costs nothing
    }
    tracks.removeIf(track -> nanos - track.seenNanos > GONE_NANOS);
    for (Track track : tracks) {
      track.isTaken = false;
    }
    Track[] found = new Track[seen.size()];
    while (takeClosest(seen, found)) {
      // one pair at a time
    }
    List<Body> followed = new ArrayList<>(seen.size());
    for (int i = 0; i < found.length; i++) {
      Body body = seen.get(i);
      Track track = found[i];
      if (track == null) {
        track = new Track(++lastId, body.sinceNanos());
      }
      tracks.remove(track);
      tracks.add(track);
      track.box = body.box();
      track.seenNanos = nanos;
      long since = Math.min(track.sinceNanos, body.sinceNanos());
      followed.add(new Body(track.id, body.box(), body.share(), since, body.zones()));
    }
    while (tracks.size() > MOST) {
      tracks.remove(0);
    }
    return followed;
  }

  private boolean takeClosest(List<Body> seen, Track[] found) {
    double least = FARTHEST;
    int which = -1;
    Track closest = null;
    for (int i = 0; i < found.length; i++) {
      for (Track track : tracks) {
        if (found[i] == null && !track.isTaken) {
          double distance = distance(track.box, seen.get(i).box());
          if (distance < least) {
            least = distance;
            which = i;
            closest = track;
          }
        }
      }
    }
    if (closest == null) {
      return false;
    }
    found[which] = closest;
    closest.isTaken = true;
    return true;
  }

  /** From middle to middle, in their mean diagonals. */
  private static double distance(Box a, Box b) {
    double x = a.x() + a.width() / 2 - b.x() - b.width() / 2;
    double y = a.y() + a.height() / 2 - b.y() - b.height() / 2;
    double diagonals = Math.hypot(a.width(), a.height()) + Math.hypot(b.width(), b.height());
    return Math.hypot(x, y) / Math.max(1e-9, diagonals / 2);
  }
}
