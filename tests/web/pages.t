# Every link of every page leads somewhere, and every page is well made.
crawl /
# What each part is of the whole, and what has changed since the quarter before: 11 and 10 bodies.
GET /cs/kt_tcd?dv=bt.tp&ky=lich_2019_quy_2
? 200
+ <dt>So với kỳ trước</dt><dd><a class="figure" href="/cs/kt_tcd?dv=bt.tp&amp;tu=2019-01-01&amp;den=2019-03-31&amp;co_cau=2019-06-30">+1</a>
+ <span class="muted">Quý I năm 2019</span>
+ >Đảng bộ cơ sở 08 (mô phỏng)</a></th><td class="n">2</td><td class="n">–</td><td class="n"><a class="figure" href="/cs/kt_tcd?dv=bt.tp.db08&amp;tu=2019-04-01&amp;den=2019-06-30">2</a></td><td class="n">18,2%</td>
+ >-1</a>
+ >Đảng bộ cơ sở 29 (mô phỏng)</a></th><td class="n">0</td>
+ <td class="n">100%</td>
- chưa có kỳ trước
GET /cs/kt_tcd.csv?dv=bt.tp&ky=lich_2019_quy_2
? 200
+ Cộng;Góp bao nhiêu %;So với kỳ trước
+ Đảng bộ cơ sở 08 (mô phỏng);2;;2;"18,2";-1
+ Đảng bộ cơ sở 29 (mô phỏng);;;0;0;-2
GET /cs/kt_tcd.json?dv=bt.tp&ky=lich_2019_quy_2
? 200
+ "share": 18.2
+ "period": "lich_2019_quy_1"
+ "before": 10
# Of a range that is no period nothing is before; parts of a ratio have no share of it.
GET /cs/kt_tcd?dv=bt.tp&tu=2016-05-15&den=2019-06-30
+ chưa có kỳ trước
- <th scope="col" class="n">So với kỳ trước</th>
GET /cs/qt_tham_du_pct?dv=bt.tp&ky=lich_2019_nam
? 200
- Góp bao nhiêu %
# What was recorded last time is one tap away from a new form: its texts, not its day and people.
GET /so/quan_triet/moi?dv=bt.cl.cb01
? 200
$last = Lần trước: <a href="(/hs/[0-9a-z]{12})">ghi lúc
+ <a class="button" href="/so/quan_triet/moi?dv=bt.cl.cb01&amp;lan_truoc=1">Điền lại như lần trước</a>
- Đã điền lại
GET $last
? 200
+ 01/03/2021
GET /so/quan_triet/moi?dv=bt.cl.cb01&lan_truoc=1
? 200
+ Đã điền lại như lần trước, trừ ngày, tên người và tệp
+ Học tập chuyên đề năm 2021 (mô phỏng)
- 01/03/2021
GET /so/dang_ky/moi?dv=bt.cl.cb01&lan_truoc=1
? 200
+ Đã điền lại như lần trước
$nobody = <select id="f\.nguoi" name="f\.nguoi">\s*<option value="" (selected)>
# Where nothing was recorded there is nothing to take over.
GET /so/khen_thuong/moi?dv=bt.cl.cb01&lan_truoc=1
? 200
- Lần trước
- Đã điền lại
