# Vietnamese unless English is chosen, whatever the browser would like; the choice is kept in a
# cookie, and the page is gone back to.
GET /lich
Accept-Language: en
? 200
+ <html lang="vi"
+ name="ngon_ngu" value="vi" lang="vi" aria-pressed="true"
+ name="ngon_ngu" value="en" lang="en" aria-pressed="false"
POST /he_thong/ngon_ngu ngon_ngu=en&tiep=/lich?nam=2018
? 303
+ Location: /lich?nam=2018
+ Set-Cookie: __Host-lang=en; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000
GET /lich?nam=2018
? 200
+ <html lang="en"
+ name="ngon_ngu" value="en" lang="en" aria-pressed="true"
+ <h1>Periods, holidays, interim and final reviews</h1>
+ Periods of 2018
+ by the calendar
+ "/assets/app.en.js
POST /he_thong/ngon_ngu ngon_ngu=%22%3E&tiep=//chithi.example/
Cookie:
? 303
+ Location: /
+ Set-Cookie: __Host-lang=vi;
POST /he_thong/ngon_ngu ngon_ngu=en&tiep=/
Origin: http://chithi.example
? 403
POST /he_thong/ngon_ngu ngon_ngu=en
# Labels of the pack, words around figures, states; numbers and days stay in the Vietnamese form.
GET /cs/kt_tcd?dv=bt.tp
? 200
+ The rows add up to the figure above.
+ 15/05/2016
+ the sum of
GET /dv/bt.tp
+ Subordinate units (
GET /he_thong/mau
+ <article lang="vi" translate="no">
# What is wrong.
GET /khong_co
? 404
+ There is no such page.
GET /cs/kt_tcd?dv=bt.tp&tu=hom-qua
? 400
+ From: “hom-qua” is not valid; use the form 05/09/2026.
GET /dv/khong-co
? 404
+ There is no unit with the code “khong-co”.
# The document that a regulation asks for is Vietnamese, the page around it is not.
GET /bao_cao/ktgs?dv=bt.tp
? 200
+ <html lang="en"
+ Download the report for Word
+ <article class="paper" lang="vi"
+ BÁO CÁO
+ lập lúc
- TO DO
GET /bao_cao/ktgs.docx?dv=bt.tp
? 200
+ lập lúc
# So is what other programs read.
GET /cs/kt_tcd.csv?dv=bt.tp
? 200
+ Mã đơn vị
GET /dv/khong-co.json
? 404
+ Không có đơn vị mang mã
GET /lich?nam=2018
Accept: application/json
+ "kind_label": "theo lịch"
# The script says the same in English, under an address of its own.
GET /assets/app.en.js
? 200
+ "Go back"
- Quay lại
GET /assets/app.js
? 200
+ "Quay lại"
# Every page that links lead to.
crawl /
