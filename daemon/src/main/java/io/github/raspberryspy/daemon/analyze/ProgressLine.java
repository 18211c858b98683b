package io.github.raspberryspy.daemon.analyze;

import java.io.Console;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicLong;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on a terminal: how many seconds of footage have been seen, of how many. Thread-safe. */
final class ProgressLine implements Progress {

  private static final int WIDTH = 79;
  private static final String CLEAR = "\r" + " ".repeat(WIDTH) + "\r";

  private final PrintStream terminal;
  private final Object lock = new Object(); // held while anything is printed
  private final AtomicLong expectedUs = new AtomicLong();
  private final AtomicLong seenUs = new AtomicLong();
  private final ProgressBar bar;
  private boolean isClosed; // guarded by lock

  ProgressLine(PrintStream terminal) {
    this.terminal = terminal;
    bar =
        new ProgressBarBuilder()
            .setTaskName("footage")
            .setUnit(" s", 1)
            .setInitialMax(0)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(250)
            .continuousUpdate() // also where only the whole has changed
            .setConsumer(new DelegatingProgressBarConsumer(this::draw, WIDTH))
            .build();
  }

  @Override
  public boolean isShown() {
    return true;
  }

  /** Whether somebody looks at what is printed. */
  @SuppressWarnings("SystemConsoleNull") // what newer Java says of a console is asked for below
  static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true; // before Java 22 there is a console on a terminal only
    }
  }

  @Override
  public void expect(long us) {
    bar.maxHint(expectedUs.addAndGet(us) / 1_000_000);
    bar.refresh(); // what is quick is over before the bar draws itself again
  }

  @Override
  public void seen(long us) {
    bar.stepTo(seenUs.addAndGet(us) / 1_000_000);
  }

  @Override
  public void print(Runnable printing) {
    synchronized (lock) {
      if (!isClosed) {
        terminal.print(CLEAR);
      }
      printing.run();
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      if (isClosed) {
        return;
      }
      isClosed = true; // closing draws a last time
    }
    bar.close();
    synchronized (lock) {
      terminal.print(CLEAR);
    }
  }

  private void draw(String line) {
    synchronized (lock) {
      if (!isClosed) {
        terminal.print("\r" + line);
        terminal.flush();
      }
    }
  }
}
