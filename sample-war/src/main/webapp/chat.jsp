<%@ page contentType="text/html; charset=UTF-8" trimDirectiveWhitespaces="true" %>
<%@ taglib prefix="t" tagdir="/WEB-INF/tags" %>
<%-- The one page that knows of the chat: /dify/default/... is what the drop-in JAR answers. --%>
<t:page title="Ask the assistant" tab="chat">
  <jsp:attribute name="head">
    <link rel="stylesheet" href="${pageContext.request.contextPath}/static/chat.css">
    <script type="module" src="${pageContext.request.contextPath}/static/chat.js"></script>
  </jsp:attribute>
  <jsp:body>
    <section id="chat" data-endpoint="${pageContext.request.contextPath}/dify/default/chat-messages">
      <div id="log" role="log" aria-label="Conversation" aria-live="off" tabindex="0">
        <p id="welcome">Ask about orders, customers or how things are done here.</p>
      </div>
      <form id="ask">
        <label for="question">Your question</label>
        <textarea id="question" rows="2" maxlength="10000" required autofocus
                  aria-describedby="keys"></textarea>
        <div class="actions">
          <span id="keys">Enter sends, Shift+Enter starts a new line.</span>
          <button type="button" id="new-conversation">New conversation</button>
          <button type="button" id="stop" disabled>Stop</button>
          <button type="submit" id="send">Send</button>
        </div>
      </form>
      <p id="status" role="status" class="for-screen-readers"></p>
    </section>
    <noscript><p class="message">The assistant needs JavaScript.</p></noscript>
  </jsp:body>
</t:page>
