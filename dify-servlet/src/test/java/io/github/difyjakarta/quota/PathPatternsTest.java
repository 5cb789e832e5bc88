package io.github.difyjakarta.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternsTest {

    @ParameterizedTest
    @CsvSource({
        "/chat, /chat, true",
        "/chat, /chats, false",
        "/chat, /chat/x, false",
        "/dify/*, /dify, true",
        "/dify/*, /dify/x/y, true",
        "/dify/*, /difyx, false",
        "/dify/*, /x/dify/y, false",
        "*.jsp, /a/b.jsp, true",
        "*.jsp, /a/b.jspx, false",
        "/*, /anything, true",
        "/, '', true",
        "/Chat, /chat, true"
    })
    void meansWhatTheServletApiMeans(String pattern, String path, boolean match) {
        assertThat(new PathPatterns(List.of(pattern)).match(path)).isEqualTo(match);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//chat",
                "/chat/",
                "/CHAT",
                "/chat;x=1",
                "/./chat",
                "/a/../chat",
                "/chat/.",
                "\\chat",
                "/..//;/chat//"
            })
    void matchesWhatALenientApplicationTakesForTheSame(String path) {
        assertThat(new PathPatterns(List.of("/other", "/chat")).match(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "", "/a/chat", "/chat/../a"})
    void doesNotMatchOtherPaths(String path) {
        assertThat(new PathPatterns(List.of("/other", "/chat")).match(path)).isFalse();
    }
}
