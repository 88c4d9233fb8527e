# The members of a branch: sorted by given name, with the unit's page leading there; names lead
# nowhere, and the page says that the reading is noted.
GET /dv/bt.cl.cb01?tu=2016-05-15&den=2021-04-12
? 200
+ href="/dv/bt.cl.cb01/thanh_vien?tu=2016-05-15&amp;den=2021-04-12"
GET /dv/bt.cl.cb01/thanh_vien?tu=2016-05-15&den=2021-04-12
? 200
+ ngày 12/04/2021: 12 người
+ <th scope="row">Nguyễn Văn An (mô phỏng)</th><td>Đảng viên chính thức</td><td>Bí thư chi bộ</td><td>11/02/2009</td>
+ ghi vào nhật ký
+ Cache-Control: no-store
- /ng/
GET /dv/bt.cl.cb01/thanh_vien.json?tu=2016-05-15&den=2021-04-12
? 200
+ "total": 12
+ "given": "Minh Anh"
+ "next": null
GET /dv/bt.cl.cb01/thanh_vien.json?tu=2016-05-15&den=2021-04-12&bo_qua=11
? 200
+ "total": 12
+ "name": "Đỗ Minh Anh (mô phỏng)"
- "name": "Võ Thị Đào (mô phỏng)"
GET /dv/bt.cl.cb01/thanh_vien?tu=2016-05-15&den=2021-04-12&bo_qua=12
? 200
+ Không có ai sau trang trước
GET /dv/bt.tp.db01/thanh_vien
? 200
+ Không có ai thuộc đơn vị này
GET /dv/bt.cl.cb01/thanh_vien?bo_qua=x
? 400
+ “x” không hợp lệ
GET /dv/nobody/thanh_vien
? 404
# A record gives out its own files only, by their digests.
GET /so/ktgs?dv=bt.tp.db01
$code = /hs/([0-9a-z]{12})
GET /hs/$code/tep/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
? 404
GET /hs/$code/tep/%2e%2e
? 404
