package io.github.raspberryspy.segments.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.segments.ManifestException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandCodecTest {

  private static final List<LinkCommand> COMMANDS =
      List.of(
          new LinkCommand.Flush("c-1", true, "camera \"door\" is lost"),
          new LinkCommand.Flag("c8", "door"),
          new LinkCommand.Live("c_2", true),
          new LinkCommand.Start("c3"),
          new LinkCommand.Stop("c4"),
          new LinkCommand.Restart("c5"),
          new LinkCommand.Snapshot("c7"),
          new LinkCommand.Configure("c6", 7, Map.of("overlay.text", "it's \"cold\"", "a", "")),
          new LinkCommand.Unknown("c3", "dance"));

  @Test
  void everyCommandReadsBack() throws ManifestException {
    for (LinkCommand command : COMMANDS) {
      assertThat(CommandCodec.decode(CommandCodec.encode(command))).isEqualTo(command);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "../x", "\u00e4"})
  void anIdThatIsNoneIsRefused(String id) {
    String json = CommandCodec.encode(COMMANDS.get(0)).replace("c-1", id);
    assertThatThrownBy(() -> CommandCodec.decode(json))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("id of a command");
  }

  @Test
  void aFieldThatIsMissingIsNamed() {
    assertThatThrownBy(() -> CommandCodec.decode("{\"type\":\"flush\",\"id\":\"c1\"}"))
        .hasMessage("command's \"urgent\" is missing or not true or false");
  }
}
