<%@ page contentType="text/html; charset=UTF-8" trimDirectiveWhitespaces="true" %>
<%@ taglib prefix="c" uri="jakarta.tags.core" %>
<%@ taglib prefix="fmt" uri="jakarta.tags.fmt" %>
<%@ taglib prefix="t" tagdir="/WEB-INF/tags" %>
<fmt:setLocale value="en_GB"/>
<t:page title="Order ${order.number()}" tab="orders">
  <jsp:attribute name="head">
    <script type="module" src="${pageContext.request.contextPath}/dify-ui/dify-chat.js"></script>
  </jsp:attribute>
  <jsp:body>
  <dl class="facts">
    <div><dt>Customer</dt><dd><c:out value="${order.customer().name()}"/>, <c:out value="${order.customer().city()}"/></dd></div>
    <div><dt>Contact</dt><dd><c:out value="${order.customer().contact()}"/></dd></div>
    <div><dt>Date</dt><dd>${order.date()}</dd></div>
    <div><dt>Status</dt><dd><span class="status" data-status="${order.status()}">${order.status().label()}</span></dd></div>
  </dl>
  <table>
    <thead>
      <tr>
        <th>Article</th><th>Description</th>
        <th class="number">Quantity</th><th class="number">Unit price, EUR</th><th class="number">Amount, EUR</th>
      </tr>
    </thead>
    <tbody>
      <c:forEach items="${order.lines()}" var="line">
        <tr>
          <td><c:out value="${line.article()}"/></td>
          <td><c:out value="${line.description()}"/></td>
          <td class="number">${line.quantity()}</td>
          <td class="number"><fmt:formatNumber value="${line.unitPrice()}" minFractionDigits="2" maxFractionDigits="2"/></td>
          <td class="number"><fmt:formatNumber value="${line.amount()}" minFractionDigits="2" maxFractionDigits="2"/></td>
        </tr>
      </c:forEach>
    </tbody>
    <tfoot>
      <tr>
        <th colspan="4">Total</th>
        <td class="number"><fmt:formatNumber value="${order.total()}" minFractionDigits="2" maxFractionDigits="2"/></td>
      </tr>
    </tfoot>
  </table>
  <p class="hint"><a href="${pageContext.request.contextPath}/orders">Back to all orders</a></p>
  <%-- A question asked here comes to Dify with the order it is about. --%>
  <dify-chat floating theme="light" heading="Ask about order ${order.number()}" inputs="<c:out value="${facts}"/>"></dify-chat>
  </jsp:body>
</t:page>
