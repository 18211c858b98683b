package io.github.raspberryspy.sink.live;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.segments.Timers;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What cameras film now for players of HLS, which ask again and again rather than stay connected:
 * whoever asks for a camera first has it send, and once nobody has asked for {@link #IDLE} it sends
 * no more. Thread-safe.
 */
public final class Playlists implements AutoCloseable {

  /** How long a camera goes on sending for nobody: a player asks about once a second. */
  public static final Duration IDLE = Duration.ofSeconds(10);

  private final LiveHub hub;
  private final Clock clock;
  private final LongSupplier nanos;
  private final ScheduledExecutorService timer = Timers.daemon("master-playlists");

  @GuardedBy("this")
  private final Map<String, Shown> shown = new HashMap<>();

  private static final class Shown {
    private final Playlist list;
    private final Runnable leave;
    private long askedNanos; // guarded by the outer one

    Shown(Playlist list, Runnable leave) {
      this.list = list;
      this.leave = leave;
    }
  }

  /** Watches nothing yet. */
  public Playlists(LiveHub hub, Clock clock, LongSupplier nanos) {
    this.hub = hub;
    this.clock = clock;
    this.nanos = nanos;
    var unused = timer.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
  }

  /**
   * A camera's playlist, which names its parts relative to its own address.
   *
   * @return empty where the camera sends nothing within this time, or too many watch already
   */
  public Optional<String> text(String camera, Duration patience) throws InterruptedException {
    Optional<Playlist> list = asked(camera, true);
    return list.isPresent() ? list.get().text(patience) : Optional.empty();
  }

  /** The beginning of a stream, in parts; empty where there is no such one any more. */
  public Optional<List<ByteBuffer>> head(String camera, long number) {
    return asked(camera, false).flatMap(list -> list.head(number));
  }

  /** A segment, in parts; empty where there is no such one any more. */
  public Optional<List<ByteBuffer>> segment(String camera, long number) {
    return asked(camera, false).flatMap(list -> list.segment(number));
  }

  /** Numbers begin at the time of day: a player that returns takes none for one that it knows. */
  private synchronized Optional<Playlist> asked(String camera, boolean mayBegin) {
    Shown of = shown.get(camera);
    if (of == null && mayBegin) {
      Playlist list = new Playlist(clock.instant().getEpochSecond());
      Runnable leave = hub.join(camera, list);
      of = leave == null ? null : new Shown(list, leave);
      if (of != null) {
        shown.put(camera, of);
      }
    }
    if (of == null) {
      return Optional.empty();
    }
    of.askedNanos = nanos.getAsLong();
    return Optional.of(of.list);
  }

  /** Ends what nobody asks for any more. */
  void look() {
    List<Shown> idle = new ArrayList<>();
    synchronized (this) {
      long now = nanos.getAsLong();
      shown.values().removeIf(of -> now - of.askedNanos > IDLE.toNanos() && idle.add(of));
    }
    idle.forEach(of -> of.leave.run());
  }

  /** Ends all. */
  @Override
  public void close() {
    timer.shutdownNow();
    List<Shown> all;
    synchronized (this) {
      all = List.copyOf(shown.values());
      shown.clear();
    }
    for (Shown of : all) {
      of.leave.run();
      of.list.close("the master is stopping");
    }
  }
}
