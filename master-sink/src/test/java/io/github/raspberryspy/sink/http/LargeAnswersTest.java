package io.github.raspberryspy.sink.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class LargeAnswersTest {

  private final LargeAnswers answers = new LargeAnswers();

  @Test
  void howeverManyAskOneIsMadeAtATime() throws Exception {
    AtomicInteger making = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    ExecutorService people = Executors.newFixedThreadPool(8);
    try {
      List<Future<byte[]>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        all.add(
            people.submit(
                () ->
                    answers.pack(
                        out -> {
                          most.accumulateAndGet(making.incrementAndGet(), Math::max);
                          for (int n = 0; n < 10_000; n++) {
                            out.write("what happened".getBytes(UTF_8));
                          }
                          making.decrementAndGet();
                        })));
      }
      for (Future<byte[]> one : all) {
        assertThat(one.get()).as("packed").hasSizeLessThan(10_000);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(one.get())).readAllBytes())
            .hasSize(130_000);
      }
    } finally {
      people.shutdownNow();
    }
    assertThat(most).hasValue(1);
  }

  @Test
  void oneThatFailsHoldsNobodyUp() throws Exception {
    assertThatThrownBy(
            () ->
                answers.pack(
                    out -> {
                      throw new IOException("the index is away");
                    }))
        .hasMessage("the index is away");
    assertThat(answers.pack(out -> out.write(1))).isNotEmpty();
  }
}
