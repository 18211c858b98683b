package io.github.raspberryspy.sink.live;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.Timers;
import io.github.raspberryspy.segments.wire.LinkCommand;
import io.github.raspberryspy.segments.wire.LiveCodec;
import io.github.raspberryspy.segments.wire.LiveMessage;
import io.github.raspberryspy.segments.wire.LiveMessage.Fragment;
import io.github.raspberryspy.segments.wire.LiveMessage.Init;
import io.github.raspberryspy.sink.fleet.Fleet;
import io.github.raspberryspy.sink.fleet.FleetWatcher;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Hands on what cameras film now to whoever watches. The first viewer of a camera has it send, and
 * {@link #LINGER} after the last one has gone it sends no more. A viewer joins at the last
 * keyframe. Of each camera no more is held than its latest GOP, up to {@link #MOST_HELD}. Nothing
 * here blocks, and no viewer waits for another. Thread-safe.
 */
public final class LiveHub implements AutoCloseable {

  /** How long a camera goes on sending for nobody: who looks at another one may come back. */
  public static final Duration LINGER = Duration.ofSeconds(5);

  /** Most viewers of all cameras together. */
  public static final int MOST_VIEWERS = 500;

  /** Most bytes of memory that a camera's latest GOP takes. */
  static final int MOST_HELD = 16 << 20;

  /** How often a camera that sends nothing is asked again: what was said to it may be lost. */
  private static final Duration AGAIN = Duration.ofSeconds(5);

  private final Fleet fleet;
  private final Object telling = new Object(); // held while a camera is told; before the hub's own
  private final ScheduledExecutorService timer = Timers.daemon("master-live");

  @GuardedBy("this")
  private final Map<String, Stream> streams = new HashMap<>();

  /** Ends the connection over which a camera sends; must not block. */
  @FunctionalInterface
  public interface Uplink {
    /** Ends it. */
    void close(String reason);
  }

  /** One camera that is to send; guarded by the hub. */
  private static final class Stream {
    private final Set<Audience> viewers = new LinkedHashSet<>();
    private final List<LiveMessage> latest = new ArrayList<>(); // init, and the latest GOP
    private long held;
    private Uplink uplink; // null while the camera sends nothing

    /** What a new viewer is shown first. */
    void keep(LiveMessage message) {
      if (message instanceof Init) {
        latest.clear();
        held = 0;
      } else if (message instanceof Fragment fragment && fragment.isKeyframe()) {
        latest.removeIf(Fragment.class::isInstance);
        held = 0;
      } else if (held > MOST_HELD) {
        return; // whoever joins waits for the next keyframe
      }
      latest.add(message);
      held += message.heldBytes();
    }
  }

  /** Watched by nobody yet. */
  public LiveHub(Fleet fleet) {
    this.fleet = fleet;
    fleet.watch(
        new FleetWatcher() {
          @Override
          public void greeted(String camera) {
            if (isWanted(camera)) {
              tell(camera); // what its last connection was told it may never have heard
            }
          }
        });
    var unused =
        timer.scheduleWithFixedDelay(
            this::askAgain, AGAIN.toMillis(), AGAIN.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Somebody watches a camera, from its last keyframe on.
   *
   * @return what ends it; null where too many watch already
   */
  public Runnable join(String camera, Screen screen) {
    return join(camera, new Viewer(screen, gone -> leave(camera, gone)));
  }

  /** The same for whoever shows it in another way. */
  Runnable join(String camera, Audience viewer) {
    boolean isFirst;
    synchronized (this) {
      if (streams.values().stream().mapToInt(s -> s.viewers.size()).sum() >= MOST_VIEWERS) {
        return null;
      }
      isFirst = !streams.containsKey(camera);
      Stream stream = streams.computeIfAbsent(camera, c -> new Stream());
      stream.viewers.add(viewer);
      stream.latest.forEach(viewer::offer);
    }
    if (isFirst) {
      tell(camera);
    }
    return () -> leave(camera, viewer);
  }

  private void leave(String camera, Audience viewer) {
    synchronized (this) {
      Stream stream = streams.get(camera);
      if (stream == null || !stream.viewers.remove(viewer) || !stream.viewers.isEmpty()) {
        return;
      }
    }
    try {
      var unused = timer.schedule(() -> rest(camera), LINGER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      rest(camera); // the master is stopping
    }
  }

  /** Has a camera send no more that nobody watches. */
  void rest(String camera) {
    Uplink uplink;
    synchronized (this) {
      Stream stream = streams.get(camera);
      if (stream == null || !stream.viewers.isEmpty()) {
        return;
      }
      uplink = stream.uplink;
      streams.remove(camera);
    }
    tell(camera);
    if (uplink != null) {
      uplink.close("nobody watches");
    }
  }

  private synchronized boolean isWanted(String camera) {
    return streams.containsKey(camera);
  }

  /** Tells a camera whether to send. What it is told last is what holds. */
  private void tell(String camera) {
    synchronized (telling) {
      LinkCommand live = new LinkCommand.Live(LinkCommand.newId(), isWanted(camera));
      var unused = fleet.send(camera, live);
    }
  }

  private void askAgain() {
    List<String> silent = new ArrayList<>();
    synchronized (this) {
      for (Map.Entry<String, Stream> stream : streams.entrySet()) {
        if (stream.getValue().uplink == null) {
          silent.add(stream.getKey());
        }
      }
    }
    silent.forEach(this::tell);
  }

  /** A camera begins to send. One that nobody watches is told so, and sent away. */
  public void connected(String camera, Uplink uplink) {
    Uplink unwanted;
    boolean isWatched;
    synchronized (this) {
      Stream stream = streams.get(camera);
      isWatched = stream != null;
      unwanted = isWatched ? stream.uplink : uplink;
      if (isWatched) {
        stream.uplink = uplink;
      }
    }
    if (!isWatched) {
      tell(camera);
    }
    if (unwanted != null) {
      unwanted.close("nobody watches this connection");
    }
  }

  /** A camera sends no more. */
  public synchronized void disconnected(String camera, Uplink uplink) {
    Stream stream = streams.get(camera);
    if (stream != null && uplink.equals(stream.uplink)) {
      stream.uplink = null;
      stream.latest.clear(); // it would look live
    }
  }

  /**
   * Takes a message, whose memory is the hub's from then on.
   *
   * @throws ManifestException in one sentence, if it is none
   */
  public void received(String camera, Uplink uplink, ByteBuffer bytes) throws ManifestException {
    LiveMessage message = LiveCodec.decode(bytes);
    List<Audience> viewers;
    synchronized (this) {
      Stream stream = streams.get(camera);
      if (stream == null || !uplink.equals(stream.uplink)) {
        return;
      }
      stream.keep(message);
      viewers = List.copyOf(stream.viewers);
      viewers.forEach(viewer -> viewer.offer(message)); // in order with who joins
    }
  }

  /** Sends everybody away. */
  @Override
  public void close() {
    timer.shutdownNow();
    List<Audience> viewers = new ArrayList<>();
    List<Uplink> uplinks = new ArrayList<>();
    synchronized (this) {
      for (Stream stream : streams.values()) {
        viewers.addAll(stream.viewers);
        if (stream.uplink != null) {
          uplinks.add(stream.uplink);
        }
      }
      streams.clear();
    }
    viewers.forEach(viewer -> viewer.close("the master is stopping"));
    uplinks.forEach(uplink -> uplink.close("the master is stopping"));
  }
}
