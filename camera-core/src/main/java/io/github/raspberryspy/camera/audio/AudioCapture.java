package io.github.raspberryspy.camera.audio;

import io.github.raspberryspy.camera.supervise.CameraFault;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sound of one camera, on a thread of its own, {@code audio-CAMERA}, from the pipeline's start
 * to its end: a run that begins gets a track of it, in which silence stands while there is none.
 *
 * <p>Whatever goes wrong here is told as a fault and ends here; nobody waits for this thread. Where
 * a call into native code does not return, the tracks end, and the thread is left behind.
 * Thread-safe.
 */
public final class AudioCapture implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(AudioCapture.class);

  /** How often the card is asked. */
  private static final long PAUSE_NANOS = 10_000_000;

  /** How much a track keeps besides what an event may want of the past. */
  private static final Duration KEPT = Duration.ofSeconds(60);

  private static final Duration LAST_CHANCE = Duration.ofMillis(500);

  private final String camera;
  private final AudioConfig config;
  private final SteadySource source;
  private final AudioParameters parameters;
  private final int channels;
  private final Duration kept;
  private final Thread thread;
  private final AtomicReference<AudioTrack> begun = new AtomicReference<>();
  private final Queue<CameraFault> faults = new ConcurrentLinkedQueue<>();
  private final AudioBlock block = new AudioBlock();
  private AudioWriter writer;
  private AudioTrack followed; // the writer's, or the one that got none
  private boolean isFaulty;
  private volatile boolean closing; // set by any thread
  private volatile boolean over; // set by the thread, which then listens no more

  private AudioCapture(
      String camera, AudioConfig config, Supplier<AudioSource> sources, Duration preRoll) {
    this.camera = camera;
    this.config = config;
    this.source = new SteadySource(sources);
    this.channels = AudioSources.channels(config.source());
    this.kept = KEPT.plus(preRoll);
    try (AudioEncoder encoder = AudioEncoder.open(config, channels)) {
      this.parameters = encoder.parameters();
    }
    this.thread = new Thread(this::run, "audio-" + camera);
    this.thread.setDaemon(true); // a card that hangs must not keep a program from its end
  }

  /**
   * One that does not listen yet.
   *
   * @param preRoll how much of the past somebody may want
   * @throws io.github.raspberryspy.camera.CameraException of kind ENCODER_FAILED, where this build
   *     cannot encode it
   */
  public static AudioCapture of(String camera, AudioConfig config, Duration preRoll) {
    return of(camera, config, () -> AudioSources.create(config.source()), preRoll);
  }

  /** One with sources of one's own, a new one each time that it is opened. For tests. */
  public static AudioCapture of(
      String camera, AudioConfig config, Supplier<AudioSource> sources, Duration preRoll) {
    return new AudioCapture(camera, config, sources, preRoll);
  }

  /** Starts to listen. */
  public void start() {
    thread.start();
  }

  /**
   * Begins the track of a run; that of the run before ends. It waits for nothing.
   *
   * @param startNanos capture time of the run's first frame, as {@link System#nanoTime}
   */
  public AudioTrack begin(long startNanos) {
    AudioTrack track = new AudioTrack(parameters, startNanos, kept);
    AudioTrack unused = begun.getAndSet(track);
    if (unused != null) {
      unused.end();
    }
    if (over) {
      endBegun();
    }
    LockSupport.unpark(thread);
    return track;
  }

  private void endBegun() {
    AudioTrack unused = begun.getAndSet(null);
    if (unused != null) {
      unused.end();
    }
  }

  /** What has gone wrong with the sound since, or is over. */
  public Optional<CameraFault> poll() {
    return Optional.ofNullable(faults.poll());
  }

  /** Ends all tracks and gives the card back; waits for that half a second at the most. */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    try {
      thread.join(LAST_CHANCE.toMillis());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      log.warn("{} hangs and is left behind: {}", thread.getName(), where(thread));
    }
  }

  private static String where(Thread thread) {
    StackTraceElement[] stack = thread.getStackTrace();
    return stack.length == 0 ? "nowhere" : stack[0].toString();
  }

  private void run() {
    try (source) {
      while (!closing) {
        follow();
        if (!listen()) {
          LockSupport.parkNanos(this, PAUSE_NANOS);
        }
        tell(source.problem());
      }
    } catch (Throwable e) { // whatever it is, the pictures go on
      log.error("the sound of {} ends", camera, e);
      tell(Optional.of("recording it failed: " + e));
    } finally {
      over = true;
      endBegun();
      if (followed != null) {
        followed.end();
      }
      closeWriter();
    }
  }

  /** A run that has begun gets its encoder. */
  private void follow() {
    AudioTrack track = begun.getAndSet(null);
    if (track == null) {
      return;
    }
    closeWriter();
    followed = track;
    writer = new AudioWriter(camera, track, AudioEncoder.open(config, channels));
    source.begin(track.startNanos());
  }

  /** Reads once. Returns whether there was anything. */
  private boolean listen() {
    boolean heard = source.read(block, System.nanoTime());
    long now = System.nanoTime();
    if (writer == null) {
      return heard;
    }
    Optional<AudioSource.Shape> shape = source.shape();
    if (shape.isEmpty()) {
      writer.fall(now);
    } else if (source.takeNew() || !writer.isOpened()) {
      writer.opened(shape.get());
    }
    if (heard) {
      writer.write(block, now);
    }
    return heard;
  }

  private void closeWriter() {
    if (writer != null) {
      writer.close();
      writer = null;
    }
  }

  private void tell(Optional<String> problem) {
    if (problem.isPresent() == isFaulty) {
      return;
    }
    isFaulty = problem.isPresent();
    String sentence =
        problem
            .map(why -> "camera " + camera + " records silence: " + why)
            .orElse("camera " + camera + " records sound again");
    log.warn("{}", sentence);
    faults.add(new CameraFault(CameraFault.Kind.SOUND_MISSING, !isFaulty, false, sentence));
  }
}
