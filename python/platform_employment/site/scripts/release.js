"use strict";
// What this build is made of, and how to check that nobody changed it.

function Page() {
  const list = rows("seed_files");
  const id = RELEASE.id;
  return html`<section class="head" aria-labelledby="title"><h1 id="title">${id ? t(html`发布 <code>${id}</code>`, html`Release <code>${id}</code>`) : t("这次构建", "This build")}</h1>
    <p>${t("构建于 ", "Built on ")}<time>${RELEASE.date}</time>${RELEASE.commit ? html`${t("，提交 ", ", commit ")}<code>${RELEASE.commit}</code>` : ""}${t("。", ".")}</p></section>
    <${Section} id="verify" title=${t("怎么核验", "How to verify it")}>
      <p>${t("发布文件夹里的 manifest.json 列出每个文件与每张表的散列。核验不需要网络：", "manifest.json in the folder of the release has the hash of each file and table. Verifying needs no network:")}</p>
      <pre><code>platform-employment verify${id ? ` ${id}` : ""}</code></pre>
      ${DATA.tables_sha256 && html`<p>${t("全部表合起来的散列：", "One hash of all tables: ")}<code class="hash">${DATA.tables_sha256}</code></p>`}
      <p class="note">${t("环境与各文件的散列见 manifest.json；许可：MIT，字体 OFL。", "Environment and hashes of all files are in manifest.json. Licence: MIT, fonts OFL.")}</p></${Section}>
    <${Section} id="changes" title=${DATA.changes ? t("与上一次发布相比变了什么", "What changed since the release before") : t("没有可以比较的上一次发布", "There is no release before to compare with")}>
      ${DATA.changes && html`<pre tabindex="0" role="region" aria-label=${t("变动", "Changes")}><code lang="zh-CN">${DATA.changes}</code></pre>`}
      <pre><code>platform-employment diff</code></pre></${Section}>
    ${list.length > 0 && html`<${Section} id="seeds" title=${t(html`由 ${X(list.length, "count", "seed files")}\u00a0个原始表构建`, html`Built from ${X(list.length, "count", "seed files")} raw tables`)}><div class="scroll" tabindex="0" role="region" aria-label=${t("原始表", "Raw tables")}><table class="files"><thead><tr><th scope="col">${t("文件", "file")}</th><th scope="col" class="n">${t("行", "rows")}</th><th scope="col"><code>SHA-256</code></th></tr></thead>
      <tbody>${list.map((row) => html`<tr><th scope="row"><code>${row.file}</code></th><td class="n">${F(row, "rows", "count")}</td><td><code class="hash" data-fact=${`${row._at}/sha256`} data-as="text">${row.sha256}</code></td></tr>`)}</tbody></table></div></${Section}>`}`;
}
start(Page);
