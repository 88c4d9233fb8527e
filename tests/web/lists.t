# A record is called by its title where it has one, and what it refers to as well; a register of the
# visibility han_che has codes only.
GET /so/quan_triet?dv=bt.cl.mttq
+ <th scope="col">Chuyên đề</th>
+ >Chuyên đề năm 2017: phòng, chống suy thoái, tự học và tự rèn (mô phỏng)</a></td>
GET /so/van_ban?dv=bt.cl
+ 12-KH/HU</a></th>
- class="code"
GET /so/ktgs?dv=bt.tp.db01
+ <th scope="row" class="title"><a class="code" href="/hs/
GET /so/ky_luat?dv=vn
+ <th scope="col">Qua cuộc kiểm tra</th>
- -QĐ/
# Lists go on from page to page without leaving a record out.
walk /so/ktgs?dv=bt.tp = 618
walk /so/ktgs?dv=bt.tp.db01 = 62
walk /so/ky_luat?dv=vn = 13
walk /cs/kt_tcd?dv=bt.tp = 67
walk /cs/gscd_dv?dv=vn = 172
# The last record of the second page is now the youngest of all: those of the units after it are
# older and still follow.
times 38 POST /mo_phong/kiem_tra
walk /so/ktgs?dv=bt.tp.db01 = 100
walk /so/ktgs?dv=bt.tp = 656
