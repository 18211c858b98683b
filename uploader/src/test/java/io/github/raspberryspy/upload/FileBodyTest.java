package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the client hears of a body. */
class FileBodyTest {

  private static final int PIECES = 10;
  private static final long LENGTH = PIECES * (128L << 10);

  private final Heard heard = new Heard();
  private final AtomicInteger left = new AtomicInteger();

  private static final class Heard implements Flow.Subscriber<ByteBuffer> {
    private final List<Throwable> errors = new ArrayList<>();
    private Flow.Subscription subscription;
    private long bytes;
    private int ends;

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
    }

    @Override
    public void onNext(ByteBuffer piece) {
      bytes += piece.remaining();
    }

    @Override
    public void onError(Throwable e) {
      errors.add(e);
    }

    @Override
    public void onComplete() {
      ends++;
    }
  }

  @Test
  void piecesGoAsTheyAreAskedFor() {
    new FileBody((offset, length) -> ByteBuffer.allocate(length), 0, LENGTH, left::incrementAndGet)
        .subscribe(heard);
    heard.subscription.request(3);
    assertThat(heard.bytes).isEqualTo(LENGTH * 3 / PIECES);
    assertThat(left).as("not all has left").hasValue(0);
    heard.subscription.request(PIECES);
    assertThat(heard.bytes).isEqualTo(LENGTH);
    assertThat(heard.ends).isEqualTo(1);
    assertThat(left).hasValue(1);
  }

  /** No bound, asked for from within the first piece again. */
  @Test
  void noBoundTwiceIsNoBound() {
    Heard greedy = heard;
    new FileBody(
            (offset, length) -> {
              if (offset == 0) {
                greedy.subscription.request(Long.MAX_VALUE);
              }
              return ByteBuffer.allocate(length);
            },
            0,
            LENGTH,
            left::incrementAndGet)
        .subscribe(greedy);
    greedy.subscription.request(Long.MAX_VALUE);
    assertThat(greedy.bytes).isEqualTo(LENGTH);
    assertThat(greedy.ends).isEqualTo(1);
  }

  @Test
  void whateverTheSourceThrowsEndsTheRequest() {
    new FileBody(
            (offset, length) -> {
              throw new IllegalStateException("closed");
            },
            0,
            LENGTH,
            left::incrementAndGet)
        .subscribe(heard);
    heard.subscription.request(1);
    heard.subscription.request(1);
    assertThat(heard.errors).hasSize(1).first().isInstanceOf(IllegalStateException.class);
    assertThat(heard.ends).isZero();
    assertThat(left).hasValue(0);
  }
}
