package io.github.raspberryspy.camera;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that leaves frames open.
 *
 * <p>Every pool that is closed while frames are held says so in the log, with their holders; the
 * extension listens. Pools that a test makes itself can be {@linkplain #watch watched} too: they
 * must have no frame outstanding at its end, closed or not.
 */
public final class FrameLeakExtension implements BeforeEachCallback, AfterEachCallback {

  /* Held here, for java.util.logging lets go of a logger that nobody else knows. */
  private static final Logger POOL_LOG = Logger.getLogger(FramePool.class.getName());

  private final List<FramePool> watched = new CopyOnWriteArrayList<>();
  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private final Handler listener = new Listener();

  /** Looks at a pool when the test is over, and closes it then. */
  public FramePool watch(FramePool pool) {
    watched.add(pool);
    return pool;
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    warnings.clear();
    watched.clear();
    POOL_LOG.addHandler(listener);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Stream<String> open =
        watched.stream()
            .filter(pool -> pool.outstanding() > 0)
            .map(pool -> pool.outstanding() + " frames of a pool are still open");
    String leaks = Stream.concat(open, warnings.stream()).collect(Collectors.joining("; "));
    watched.stream().filter(pool -> pool.outstanding() == 0).forEach(FramePool::close);
    POOL_LOG.removeHandler(listener);
    if (!leaks.isEmpty()) {
      throw new AssertionError("the test leaks frames: " + leaks);
    }
  }

  private final class Listener extends Handler {
    @Override
    public void publish(LogRecord line) {
      if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
        warnings.add(line.getMessage());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
