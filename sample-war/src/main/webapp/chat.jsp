<%@ page contentType="text/html; charset=UTF-8" trimDirectiveWhitespaces="true" %>
<%@ taglib prefix="t" tagdir="/WEB-INF/tags" %>
<%-- All that a page needs for a chat: the script that the drop-in JAR serves, and its tag. --%>
<t:page title="Ask the assistant" tab="chat">
  <jsp:attribute name="head">
    <script type="module" src="${pageContext.request.contextPath}/dify-ui/dify-chat.js"></script>
  </jsp:attribute>
  <jsp:body>
    <dify-chat theme="light" heading="Order assistant"></dify-chat>
    <noscript><p class="message">The assistant needs JavaScript.</p></noscript>
  </jsp:body>
</t:page>
