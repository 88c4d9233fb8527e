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
